package io.flotilla.config.validate;

import com.google.protobuf.Duration;
import io.flotilla.api.networking.v1alpha3.CorsPolicy;
import io.flotilla.api.networking.v1alpha3.HTTPMirrorPolicy;
import io.flotilla.api.networking.v1alpha3.HTTPRetry;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.HTTPRouteDestination;
import io.flotilla.config.schema.FieldPath;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** One route of HTTP. */
final class HttpRouteRules {
    private static final Set<String> RETRY_ON = Set.of(
            "5xx",
            "gateway-error",
            "reset",
            "reset-before-request",
            "connect-failure",
            "envoy-ratelimited",
            "retriable-4xx",
            "refused-stream",
            "retriable-status-codes",
            "retriable-headers",
            "http3-post-connect-failure",
            "cancelled",
            "deadline-exceeded",
            "internal",
            "resource-exhausted",
            "unavailable");
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*");
    private static final Pattern STATUS = Pattern.compile("[1-5][0-9][0-9]");

    private final Check check;
    private final boolean delegated;
    private final RouteActionRules actions;
    private final FaultRules faults;
    private final MatchRules matches;

    HttpRouteRules(Check check, boolean delegated) {
        this.check = check;
        this.delegated = delegated;
        this.actions = new RouteActionRules(check);
        this.faults = new FaultRules(check);
        this.matches = new MatchRules(check);
    }

    void check(HTTPRoute route, FieldPath at) {
        actions.check(route, at);
        for (int i = 0; i < route.getMatchCount(); i++) {
            matches.http(route.getMatch(i), delegated, at.field("match").item(i));
        }
        List<HTTPRouteDestination> destinations = route.getRouteList();
        new DestinationRules(check).http(destinations, at.field("route"));
        if (route.hasTimeout()) {
            check.durationOrZero(route.getTimeout(), at.field("timeout"));
        }
        if (route.hasRetries()) {
            retries(route.getRetries(), at.field("retries"));
        }
        if (route.hasFault()) {
            faults.check(route.getFault(), at.field("fault"));
        }
        if (route.hasCorsPolicy()) {
            cors(route.getCorsPolicy(), at.field("corsPolicy"));
        }
        mirrors(route, at);
        new HeaderRules(check).route(route, at);
    }

    void retries(HTTPRetry retries, FieldPath at) {
        int attempts = retries.getAttempts();
        if (attempts < 0 || (check.classic() && attempts == 0)) {
            check.error(
                    "FL0107",
                    at.field("attempts"),
                    "must be " + (check.classic() ? "1" : "0") + " or more, not " + attempts);
        } else if (attempts == 0
                && (retries.hasPerTryTimeout() || !retries.getRetryOn().isEmpty())) {
            check.error("FL0107", at, "attempts 0 switches retries off, so nothing else can be set");
        }
        if (retries.hasPerTryTimeout()) {
            check.durationOrZero(retries.getPerTryTimeout(), at.field("perTryTimeout"));
        }
        if (retries.hasBackoff()) {
            check.duration(retries.getBackoff(), at.field("backoff"));
        }
        Arrays.stream(retries.getRetryOn().split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .filter(word ->
                        !RETRY_ON.contains(word) && !STATUS.matcher(word).matches())
                .forEach(word -> check.error(
                        "FL0107",
                        at.field("retryOn"),
                        "unknown condition \"" + word + "\""
                                + io.flotilla.config.schema.Spelling.suggestion(word, RETRY_ON)));
    }

    private void cors(CorsPolicy cors, FieldPath at) {
        for (int i = 0; i < cors.getAllowMethodsCount(); i++) {
            String method = cors.getAllowMethods(i);
            check.require(
                    METHODS.contains(method),
                    "FL0110",
                    at.field("allowMethods").item(i),
                    "\"" + method + "\" is no method");
        }
        for (int i = 0; i < cors.getAllowOriginsCount(); i++) {
            FieldPath origin = at.field("allowOrigins").item(i);
            check.require(
                    cors.getAllowOrigins(i).getMatchTypeCase().getNumber() > 0,
                    "FL0110",
                    origin,
                    "needs exact, prefix or regex");
            matches.string(cors.getAllowOrigins(i), origin);
        }
        if (cors.hasMaxAge()) {
            Duration age = cors.getMaxAge();
            check.require(
                    age.getSeconds() >= 0 && age.getNanos() == 0,
                    "FL0110",
                    at.field("maxAge"),
                    "must be in whole seconds");
        }
    }

    private void mirrors(HTTPRoute route, FieldPath at) {
        DestinationRules destinations = new DestinationRules(check);
        if (route.hasMirror()) {
            check.require(
                    route.getMirrorsCount() == 0,
                    "FL0109",
                    at.field("mirrors"),
                    "cannot be given together with \"mirror\"");
            destinations.destination(route.getMirror(), at.field("mirror"));
        }
        if (route.hasMirrorPercentage()) {
            check.percent(
                    route.getMirrorPercentage().getValue(),
                    at.field("mirrorPercentage").field("value"));
        }
        for (int i = 0; i < route.getMirrorsCount(); i++) {
            HTTPMirrorPolicy mirror = route.getMirrors(i);
            FieldPath place = at.field("mirrors").item(i);
            check.require(mirror.hasDestination(), "FL0109", place, "needs a destination");
            if (mirror.hasDestination()) {
                destinations.destination(mirror.getDestination(), place.field("destination"));
            }
            if (mirror.hasPercentage()) {
                check.percent(
                        mirror.getPercentage().getValue(),
                        place.field("percentage").field("value"));
            }
        }
    }
}
