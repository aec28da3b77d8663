package io.flotilla.envoy.route;

import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.flotilla.envoy.Wire;

/** Requests of pages from other origins. */
final class Cors {
    private Cors() {}

    @SuppressWarnings("deprecation") // `allowOrigin` is what classic files have.
    static CorsPolicy of(io.flotilla.api.networking.v1alpha3.CorsPolicy policy) {
        CorsPolicy.Builder built = CorsPolicy.newBuilder()
                .setFilterEnabled(RuntimeFractionalPercent.newBuilder().setDefaultValue(Faults.fraction(100)))
                .setAllowMethods(String.join(",", policy.getAllowMethodsList()))
                .setAllowHeaders(String.join(",", policy.getAllowHeadersList()))
                .setExposeHeaders(String.join(",", policy.getExposeHeadersList()));
        policy.getAllowOriginsList().forEach(origin -> built.addAllowOriginStringMatch(Matches.string(origin)));
        policy.getAllowOriginList().forEach(origin -> built.addAllowOriginStringMatch(classicOrigin(origin)));
        if (policy.hasMaxAge()) {
            built.setMaxAge(Long.toString(policy.getMaxAge().getSeconds()));
        }
        if (policy.hasAllowCredentials()) {
            built.setAllowCredentials(policy.getAllowCredentials());
        }
        if (policy.getUnmatchedPreflights()
                == io.flotilla.api.networking.v1alpha3.CorsPolicy.UnmatchedPreflights.IGNORE) {
            built.setForwardNotMatchingPreflights(Wire.no());
        }
        return built.build();
    }

    private static StringMatcher classicOrigin(String origin) {
        return origin.equals("*")
                ? StringMatcher.newBuilder()
                        .setSafeRegex(io.envoyproxy.envoy.type.matcher.v3.RegexMatcher.newBuilder()
                                .setRegex(".*"))
                        .build()
                : StringMatcher.newBuilder().setExact(origin).build();
    }
}
