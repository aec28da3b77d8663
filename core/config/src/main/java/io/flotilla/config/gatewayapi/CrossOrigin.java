package io.flotilla.config.gatewayapi;

import com.google.protobuf.BoolValue;
import com.google.protobuf.util.Durations;
import io.flotilla.api.gatewayapi.v1.HTTPRouteFilter.Cors;
import io.flotilla.api.networking.v1alpha3.CorsPolicy;
import io.flotilla.api.networking.v1alpha3.StringMatch;
import java.util.List;

/** Answers to pages of other origins. */
final class CrossOrigin {
    private static final int DEFAULT_AGE = 5;
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private CrossOrigin() {}

    static CorsPolicy of(Cors cors) {
        CorsPolicy.Builder built = CorsPolicy.newBuilder()
                .addAllAllowHeaders(cors.getAllowHeadersList())
                .addAllExposeHeaders(cors.getExposeHeadersList())
                .setMaxAge(Durations.fromSeconds(cors.hasMaxAge() ? cors.getMaxAge() : DEFAULT_AGE))
                .setUnmatchedPreflights(CorsPolicy.UnmatchedPreflights.IGNORE);
        cors.getAllowOriginsList().forEach(origin -> built.addAllowOrigins(origin(origin)));
        // With credentials, browsers do not take "*" for all: every method is named.
        boolean spelled = cors.getAllowMethodsList().contains("*") && cors.getAllowCredentials();
        built.addAllAllowMethods(spelled ? METHODS : cors.getAllowMethodsList());
        if (cors.getAllowCredentials()) {
            built.setAllowCredentials(BoolValue.of(true));
        }
        return built.build();
    }

    private static StringMatch origin(String origin) {
        StringMatch.Builder match = StringMatch.newBuilder();
        if (!origin.contains("*")) {
            return match.setExact(origin).build();
        }
        String expression =
                origin.equals("*") ? ".*" : origin.replace(".", "\\.").replace("*", ".*");
        return match.setRegex(expression).build();
    }
}
