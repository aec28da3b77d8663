package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What requests are hashed by is told by their routes, wherever a DestinationRule says it. */
class HashedRequestsTest {
    private static final String MESH = """
            {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {clusterIP: 10.96.0.1, ports: [{name: http, port: 80}]}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: b}, spec: {clusterIP: 10.96.0.2, ports: [{name: http, port: 80}]}}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: b}
            spec: {hosts: [b], http: [{route: [{destination: {host: a, subset: v1}}]}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: a}
            spec: {host: a, %s}
            """;

    /** By the route of the host that no rule leads from, and by the route to the subset. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "subsets: [{name: v1}]; ''; ''",
                "trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: h}}}, subsets: [{name: v1}]; h; h",
                "subsets: [{name: v1, trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: h}}}}]; ''; h",
                "trafficPolicy: {portLevelSettings: [{port: {number: 80}, loadBalancer: {consistentHash: {httpHeaderName: h}}}]}; h; h",
                "trafficPolicy: {portLevelSettings: [{port: {number: 81}, loadBalancer: {consistentHash: {httpHeaderName: h}}}]}; ''; ''",
                "trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: h}}}, subsets: [{name: v1, trafficPolicy: {loadBalancer: {simple: RANDOM}}}]; h; ''",
            })
    void theRouteTellsIt(String policy, String ofService, String ofSubset) {
        EnvoyResources resources =
                Translator.translate(MeshFiles.of(MESH.formatted(policy)), Proxies.sidecar("c", "v1"));

        assertThat(hashed(resources, "a.default.svc.cluster.local:80")).isEqualTo(headers(ofService));
        assertThat(hashed(resources, "b.default.svc.cluster.local:80")).isEqualTo(headers(ofSubset));
    }

    private static List<String> headers(String header) {
        return Optional.of(header).filter(each -> !each.isEmpty()).stream().toList();
    }

    private static List<String> hashed(EnvoyResources resources, String host) {
        return resources.routes().stream()
                .flatMap(routes -> routes.getVirtualHostsList().stream())
                .filter(each -> each.getName().equals(host))
                .flatMap(each -> each.getRoutesList().stream())
                .flatMap(route -> route.getRoute().getHashPolicyList().stream())
                .map(HashPolicy::getHeader)
                .map(HashPolicy.Header::getHeaderName)
                .toList();
    }
}
