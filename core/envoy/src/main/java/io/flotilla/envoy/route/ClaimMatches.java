package io.flotilla.envoy.route;

import io.envoyproxy.envoy.type.matcher.v3.ListMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.OrMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import io.flotilla.api.networking.v1alpha3.StringMatch;
import io.flotilla.envoy.jwt.TokenFilter;
import java.util.List;

/**
 * Claims of a checked token in the place of a header's name: "@request.auth.claims.team", or
 * "@request.auth.claims[https://example.com/team][name]" where names have dots. Where no proxy has checked a token, as
 * in a sidecar of the caller, there are none.
 */
final class ClaimMatches {
    private static final String CLAIMS = "@request.auth.claims";

    private ClaimMatches() {}

    static boolean isClaim(String header) {
        return header.startsWith(CLAIMS + ".") || (header.startsWith(CLAIMS + "[") && header.endsWith("]"));
    }

    /** The claim is such a text, or a list with one; without a comparison it is enough that it is there. */
    static MetadataMatcher of(String header, StringMatch value, boolean without) {
        MetadataMatcher.Builder matcher = MetadataMatcher.newBuilder()
                .setFilter(TokenFilter.NAME)
                .setInvert(without)
                .setValue(value(value));
        matcher.addPath(segment(TokenFilter.PAYLOAD));
        path(header.substring(CLAIMS.length())).forEach(name -> matcher.addPath(segment(name)));
        return matcher.build();
    }

    private static List<String> path(String names) {
        return names.startsWith(".")
                ? List.of(names.substring(1).split("\\.", -1))
                : List.of(names.substring(1, names.length() - 1).split("]\\[", -1));
    }

    private static ValueMatcher value(StringMatch value) {
        if (value.getMatchTypeCase() == StringMatch.MatchTypeCase.MATCHTYPE_NOT_SET) {
            return ValueMatcher.newBuilder().setPresentMatch(true).build();
        }
        ValueMatcher text =
                ValueMatcher.newBuilder().setStringMatch(Matches.string(value)).build();
        return ValueMatcher.newBuilder()
                .setOrMatch(OrMatcher.newBuilder()
                        .addValueMatchers(text)
                        .addValueMatchers(ValueMatcher.newBuilder()
                                .setListMatch(ListMatcher.newBuilder().setOneOf(text))))
                .build();
    }

    private static MetadataMatcher.PathSegment segment(String name) {
        return MetadataMatcher.PathSegment.newBuilder().setKey(name).build();
    }
}
