package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.StringMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Alternatives that come first, by their path, so that a long list of rules is not compared pair by pair. */
final class EarlierMatches {
    private final Map<String, List<HttpMatch>> exact = new HashMap<>();
    private final Map<String, List<HttpMatch>> prefix = new HashMap<>();
    private final List<HttpMatch> others = new ArrayList<>();

    void add(HttpMatch match) {
        StringMatch uri = match.match().getUri();
        if (uri.hasExact() && !match.match().getIgnoreUriCase()) {
            exact.computeIfAbsent(uri.getExact(), path -> new ArrayList<>(1)).add(match);
        } else if (uri.hasPrefix() && !match.match().getIgnoreUriCase()) {
            prefix.computeIfAbsent(uri.getPrefix(), path -> new ArrayList<>(1)).add(match);
        } else {
            others.add(match);
        }
    }

    /** The first that takes every request that this one takes. */
    Optional<HttpMatch> covering(HttpMatch match) {
        StringMatch uri = match.match().getUri();
        String path = uri.hasExact() ? uri.getExact() : uri.getPrefix();
        Optional<HttpMatch> found = first(exact.getOrDefault(path, List.of()), match);
        for (int length = 0; found.isEmpty() && length <= path.length(); length++) {
            found = first(prefix.getOrDefault(path.substring(0, length), List.of()), match);
        }
        // A path that is not given is any path: "/" covers it.
        return found.or(() -> first(prefix.getOrDefault("/", List.of()), match)).or(() -> first(others, match));
    }

    private static Optional<HttpMatch> first(List<HttpMatch> candidates, HttpMatch match) {
        return candidates.stream().filter(each -> each.covers(match)).findFirst();
    }
}
