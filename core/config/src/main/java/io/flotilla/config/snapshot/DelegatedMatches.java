package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The conditions of a route that is delegated: the root's and the leaf's. A pair that contradicts each other, or of which
 * nobody can tell whether the leaf's is within the root's (regular expressions), is left out.
 */
final class DelegatedMatches {
    private DelegatedMatches() {}

    /** Every pair that can be true; empty where a side is unconditional only if both are. */
    static List<HTTPMatchRequest> both(List<HTTPMatchRequest> roots, List<HTTPMatchRequest> leaves) {
        if (roots.isEmpty()) {
            return leaves;
        }
        if (leaves.isEmpty()) {
            return roots;
        }
        List<HTTPMatchRequest> both = new ArrayList<>();
        roots.forEach(root -> leaves.forEach(leaf -> both(root, leaf).ifPresent(both::add)));
        return both;
    }

    private static Optional<HTTPMatchRequest> both(HTTPMatchRequest root, HTTPMatchRequest leaf) {
        boolean possible = within(root.getUri(), leaf.getUri())
                && within(root.getScheme(), leaf.getScheme())
                && within(root.getMethod(), leaf.getMethod())
                && within(root.getAuthority(), leaf.getAuthority())
                && within(root.getHeadersMap(), leaf.getHeadersMap())
                && within(root.getWithoutHeadersMap(), leaf.getWithoutHeadersMap())
                && within(root.getQueryParamsMap(), leaf.getQueryParamsMap())
                && (root.getPort() == 0 || leaf.getPort() == 0 || root.getPort() == leaf.getPort())
                && agree(root.getSourceNamespace(), leaf.getSourceNamespace())
                && leaf.getGatewaysCount() == 0
                && root.getSourceLabelsMap().entrySet().stream()
                        .allMatch(label -> leaf.getSourceLabelsOrDefault(label.getKey(), label.getValue())
                                .equals(label.getValue()));
        if (!possible) {
            return Optional.empty();
        }
        HTTPMatchRequest.Builder merged = root.toBuilder();
        // Strings are the leaf's where it has them: within the root's, and not a mixture of two kinds of match.
        if (leaf.hasUri()) {
            merged.clearUri();
        }
        if (leaf.hasScheme()) {
            merged.clearScheme();
        }
        if (leaf.hasMethod()) {
            merged.clearMethod();
        }
        if (leaf.hasAuthority()) {
            merged.clearAuthority();
        }
        return Optional.of(merged.mergeFrom(leaf).build());
    }

    private static boolean agree(String root, String leaf) {
        return root.isEmpty() || leaf.isEmpty() || root.equals(leaf);
    }

    private static boolean within(Map<String, StringMatch> root, Map<String, StringMatch> leaf) {
        return root.entrySet().stream().allMatch(entry -> {
            StringMatch own = leaf.get(entry.getKey());
            return own == null || within(entry.getValue(), own);
        });
    }

    private static boolean within(StringMatch root, StringMatch leaf) {
        if (unset(root) || unset(leaf)) {
            return true;
        }
        return switch (root.getMatchTypeCase()) {
            case EXACT ->
                leaf.getMatchTypeCase() == StringMatch.MatchTypeCase.EXACT
                        && leaf.getExact().equals(root.getExact());
            case PREFIX ->
                switch (leaf.getMatchTypeCase()) {
                    case EXACT -> leaf.getExact().startsWith(root.getPrefix());
                    case PREFIX -> leaf.getPrefix().startsWith(root.getPrefix());
                    case REGEX, MATCHTYPE_NOT_SET -> false;
                };
            case REGEX, MATCHTYPE_NOT_SET -> false;
        };
    }

    private static boolean unset(StringMatch match) {
        return match.getMatchTypeCase() == StringMatch.MatchTypeCase.MATCHTYPE_NOT_SET;
    }
}
