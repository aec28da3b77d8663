package io.flotilla.envoy.route;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.flotilla.api.networking.v1alpha3.Destination;
import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.HTTPMirrorPolicy;
import io.flotilla.api.networking.v1alpha3.HTTPRewrite;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.HTTPRouteDestination;
import io.flotilla.api.networking.v1alpha3.StringMatch;
import io.flotilla.config.gatewayapi.Unresolved;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.filter.AlpnOverride;
import io.flotilla.envoy.filter.NameLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a rule does with a request that it sends on: destinations, timeout, retries, mirrors, rewrite. */
record Forwarding(HttpRules context, HTTPRoute rule, HTTPMatchRequest match) {
    RouteAction action() {
        RouteAction.Builder action = RouteAction.newBuilder();
        destinations(action);
        timeout(action, rule.hasTimeout() ? rule.getTimeout() : Durations.ZERO);
        if (rule.hasRetries()) {
            Retries.of(rule.getRetries(), context.standard().classic()).ifPresent(action::setRetryPolicy);
        } else {
            Retries.standard(context.standard()).ifPresent(action::setRetryPolicy);
        }
        mirrors().forEach(mirror -> action.addRequestMirrorPolicies(mirror(mirror)));
        if (rule.hasRewrite()) {
            rewrite(rule.getRewrite(), action);
        }
        host().ifPresent(action::setHostRewriteLiteral);
        // Envoy does so only where the route changes the host.
        action.setAppendXForwardedHost(context.standard().tellsHost());
        HashPolicies.of(resolved(
                        rule.getRouteList().isEmpty()
                                ? Destination.getDefaultInstance()
                                : rule.getRoute(0).getDestination()))
                .forEach(action::addHashPolicy);
        return action.build();
    }

    // Envoy looks at no timeout of a route that has a max_stream_duration, which leaves the old field for gRPC.
    @SuppressWarnings("deprecation")
    private static void timeout(RouteAction.Builder action, Duration timeout) {
        action.setTimeout(timeout);
        if (Durations.isPositive(timeout)) {
            action.setMaxGrpcTimeout(timeout);
        } else {
            action.setMaxStreamDuration(
                    RouteAction.MaxStreamDuration.newBuilder().setGrpcTimeoutHeaderMax(Durations.ZERO));
        }
    }

    /** How a trace names this route: "HOST:PORT/PREFIX*". */
    String operation(RouteMatch condition) {
        String path = switch (condition.getPathSpecifierCase()) {
            case PATH -> condition.getPath();
            case SAFE_REGEX -> condition.getSafeRegex().getRegex();
            default -> condition.getPrefix() + "*";
        };
        if (rule.getRouteCount() == 1) {
            Targets.Resolved only = resolved(rule.getRoute(0).getDestination());
            return only.host() + ":" + only.port() + path;
        }
        return context.owner().name() + ":" + context.port() + path;
    }

    /** Filters that must know of this route. */
    Map<String, Any> filters() {
        Map<String, Any> filters = new TreeMap<>();
        List<Targets.Resolved> targets = rule.getRouteList().stream()
                .map(route -> resolved(route.getDestination()))
                .toList();
        if (targets.stream().anyMatch(resolved -> resolved.protocol() == Protocol.AUTO)) {
            filters.put(AlpnOverride.NAME, AlpnOverride.perRoute());
        }
        if (targets.stream().anyMatch(Targets.Resolved::dynamic)) {
            host().ifPresent(host -> filters.put(NameLookup.HTTP, NameLookup.rewritten(host)));
        }
        return filters;
    }

    // The name that a request has when it is sent on, where the rule gives it one.
    private Optional<String> host() {
        return HeaderOperations.host(rule.getHeaders().getRequest())
                .or(() -> Optional.of(rule.getRewrite().getAuthority()).filter(host -> !host.isEmpty()));
    }

    private Targets.Resolved resolved(Destination destination) {
        return context.targets().resolve(destination, context.owner().namespace(), context.port());
    }

    private void destinations(RouteAction.Builder action) {
        List<HTTPRouteDestination> weighted = rule.getRouteList().stream()
                .filter(route -> route.getWeight() > 0)
                .toList();
        List<HTTPRouteDestination> chosen = rule.getRouteCount() == 1 ? rule.getRouteList() : weighted;
        if (chosen.isEmpty()) {
            action.setCluster(io.flotilla.envoy.Names.BLACK_HOLE)
                    .setClusterNotFoundResponseCode(RouteAction.ClusterNotFoundResponseCode.SERVICE_UNAVAILABLE);
        } else if (chosen.size() == 1 && !chosen.getFirst().hasHeaders()) {
            action.setCluster(resolved(chosen.getFirst().getDestination()).cluster());
        } else {
            WeightedCluster.Builder clusters = WeightedCluster.newBuilder();
            chosen.forEach(route -> clusters.addClusters(weight(route)));
            action.setWeightedClusters(clusters);
        }
        // A share that leads nowhere by intention is an error of the server, not a service that is away.
        if (chosen.stream().anyMatch(route -> route.getDestination().getHost().equals(Unresolved.HOST))) {
            action.setClusterNotFoundResponseCode(RouteAction.ClusterNotFoundResponseCode.INTERNAL_SERVER_ERROR);
        }
    }

    private WeightedCluster.ClusterWeight weight(HTTPRouteDestination route) {
        WeightedCluster.ClusterWeight.Builder weight = WeightedCluster.ClusterWeight.newBuilder()
                .setName(resolved(route.getDestination()).cluster())
                .setWeight(Wire.number(rule.getRouteCount() == 1 ? 1 : route.getWeight()))
                .addAllRequestHeadersToAdd(
                        HeaderOperations.changes(route.getHeaders().getRequest()))
                .addAllRequestHeadersToRemove(
                        HeaderOperations.removals(route.getHeaders().getRequest()))
                .addAllResponseHeadersToAdd(
                        HeaderOperations.changes(route.getHeaders().getResponse()))
                .addAllResponseHeadersToRemove(
                        HeaderOperations.removals(route.getHeaders().getResponse()));
        HeaderOperations.host(route.getHeaders().getRequest()).ifPresent(weight::setHostRewriteLiteral);
        return weight.build();
    }

    @SuppressWarnings("deprecation") // `mirror` and `mirrorPercent` are what older files have.
    private List<HTTPMirrorPolicy> mirrors() {
        List<HTTPMirrorPolicy> mirrors = new ArrayList<>();
        if (rule.hasMirror()) {
            HTTPMirrorPolicy.Builder mirror = HTTPMirrorPolicy.newBuilder().setDestination(rule.getMirror());
            if (rule.hasMirrorPercentage()) {
                mirror.setPercentage(rule.getMirrorPercentage());
            } else if (rule.hasMirrorPercent()) {
                mirror.getPercentageBuilder().setValue(rule.getMirrorPercent().getValue());
            }
            mirrors.add(mirror.build());
        }
        mirrors.addAll(rule.getMirrorsList());
        return mirrors;
    }

    private RouteAction.RequestMirrorPolicy mirror(HTTPMirrorPolicy mirror) {
        double percent = mirror.hasPercentage() ? mirror.getPercentage().getValue() : 100;
        return RouteAction.RequestMirrorPolicy.newBuilder()
                .setCluster(resolved(mirror.getDestination()).cluster())
                .setRuntimeFraction(RuntimeFractionalPercent.newBuilder().setDefaultValue(Faults.fraction(percent)))
                .build();
    }

    private void rewrite(HTTPRewrite rewrite, RouteAction.Builder action) {
        if (rewrite.hasUriRegexRewrite()) {
            action.setRegexRewrite(regex(
                    rewrite.getUriRegexRewrite().getMatch(),
                    rewrite.getUriRegexRewrite().getRewrite()));
        } else if (!rewrite.getUri().isEmpty()) {
            if (match.getUri().getMatchTypeCase() == StringMatch.MatchTypeCase.REGEX) {
                // The whole path, since an expression has no prefix to replace.
                action.setRegexRewrite(regex("^.*$", rewrite.getUri().replace("\\", "\\\\")));
            } else {
                action.setPrefixRewrite(rewrite.getUri());
            }
        }
    }

    private static RegexMatchAndSubstitute regex(String pattern, String substitution) {
        return RegexMatchAndSubstitute.newBuilder()
                .setPattern(RegexMatcher.newBuilder().setRegex(pattern))
                .setSubstitution(substitution)
                .build();
    }
}
