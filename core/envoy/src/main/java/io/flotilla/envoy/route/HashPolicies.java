package io.flotilla.envoy.route;

import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy;
import io.flotilla.api.networking.v1alpha3.LoadBalancerSettings.ConsistentHashLB;
import io.flotilla.envoy.cluster.TrafficPolicies;
import java.util.List;

/** What a request is hashed by, where its destination's rule balances by hash. */
final class HashPolicies {
    private HashPolicies() {}

    static List<HashPolicy> of(Targets.Resolved destination) {
        return destination.rule().stream()
                .map(rule -> TrafficPolicies.effective(rule, destination.subset(), destination.port())
                        .getLoadBalancer())
                .filter(settings -> settings.hasConsistentHash())
                .flatMap(settings -> of(settings.getConsistentHash()).stream())
                .toList();
    }

    private static List<HashPolicy> of(ConsistentHashLB hash) {
        HashPolicy.Builder policy = HashPolicy.newBuilder();
        return switch (hash.getHashKeyCase()) {
            case HTTP_HEADER_NAME ->
                List.of(policy.setHeader(HashPolicy.Header.newBuilder().setHeaderName(hash.getHttpHeaderName()))
                        .build());
            case HTTP_COOKIE ->
                List.of(policy.setCookie(cookie(hash.getHttpCookie())).build());
            case USE_SOURCE_IP ->
                hash.getUseSourceIp()
                        ? List.of(policy.setConnectionProperties(HashPolicy.ConnectionProperties.newBuilder()
                                        .setSourceIp(true))
                                .build())
                        : List.of();
            case HTTP_QUERY_PARAMETER_NAME ->
                List.of(policy.setQueryParameter(
                                HashPolicy.QueryParameter.newBuilder().setName(hash.getHttpQueryParameterName()))
                        .build());
            case HASHKEY_NOT_SET -> List.of();
        };
    }

    private static HashPolicy.Cookie cookie(ConsistentHashLB.HTTPCookie cookie) {
        HashPolicy.Cookie.Builder built =
                HashPolicy.Cookie.newBuilder().setName(cookie.getName()).setPath(cookie.getPath());
        if (cookie.hasTtl()) {
            built.setTtl(cookie.getTtl());
        }
        cookie.getAttributesList()
                .forEach(attribute -> built.addAttributes(HashPolicy.CookieAttribute.newBuilder()
                        .setName(attribute.getName())
                        .setValue(attribute.getValue())));
        return built.build();
    }
}
