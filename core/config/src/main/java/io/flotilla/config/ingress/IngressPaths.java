package io.flotilla.config.ingress;

import io.flotilla.api.ingress.v1.Ingress;
import io.flotilla.api.networking.v1alpha3.StringMatch;
import java.util.List;

/**
 * A path of an Ingress. An exact one goes before a prefix, a longer before a shorter. A prefix goes by elements.
 *
 * @param exact  before prefixes
 * @param length of the path without a slash at its end
 * @param uris   conditions of which one must hold
 */
record IngressPaths(boolean exact, int length, List<StringMatch> uris) {
    static IngressPaths of(Ingress.Path path) {
        String value = path.getPath();
        return switch (path.getPathType()) {
            case "Exact" -> exactly(value);
            case "Prefix" -> below(value);
            default -> specific(value);
        };
    }

    /** As ever with Istio: "/foo/*" and "/foo.*" are prefixes, text by text; all else is exact, nothing is all. */
    private static IngressPaths specific(String value) {
        if (value.isEmpty() || value.equals("/")) {
            return below("/");
        }
        if (value.endsWith(".*") || value.endsWith("/*")) {
            String prefix = value.endsWith(".*")
                    ? value.substring(0, value.length() - 2)
                    : value.substring(0, value.length() - 1);
            return new IngressPaths(
                    false,
                    prefix.length(),
                    List.of(StringMatch.newBuilder().setPrefix(prefix).build()));
        }
        return exactly(value);
    }

    private static IngressPaths exactly(String value) {
        return new IngressPaths(
                true,
                value.length(),
                List.of(StringMatch.newBuilder().setExact(value).build()));
    }

    private static IngressPaths below(String value) {
        String bare = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
        if (bare.isEmpty()) {
            return new IngressPaths(
                    false, 0, List.of(StringMatch.newBuilder().setPrefix("/").build()));
        }
        return new IngressPaths(
                false,
                bare.length(),
                List.of(
                        StringMatch.newBuilder().setExact(bare).build(),
                        StringMatch.newBuilder().setPrefix(bare + "/").build()));
    }
}
