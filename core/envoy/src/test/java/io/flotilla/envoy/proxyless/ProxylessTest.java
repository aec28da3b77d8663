package io.flotilla.envoy.proxyless;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Translator;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What an application's own gRPC library is told. What grpc-java makes of it, Pilot's ProxylessQuarkusTest sees. */
class ProxylessTest {
    private static final String MESH = """
        apiVersion: v1
        kind: Service
        metadata: {name: a, namespace: default}
        spec: {clusterIP: 10.0.0.1, selector: {app: a}, ports: [{name: grpc, port: 80}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: headless, namespace: default}
        spec: {clusterIP: None, selector: {app: a}, ports: [{name: grpc, port: 81}]}
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: out, namespace: default}
        spec:
          hosts: [one.example.com]
          resolution: DNS
          ports: [{number: 443, name: grpc, protocol: GRPC}]
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: several, namespace: default}
        spec:
          hosts: [two.example.com, "*.wild.example.com"]
          resolution: DNS
          ports: [{number: 82, name: grpc, protocol: GRPC}]
          endpoints: [{address: e1.example.com}, {address: e2.example.com}]
        ---
        """;

    private static final EnvoyResources PLAIN = told(MESH);

    @Test
    void aListenerForEachNameOfATarget() {
        assertThat(PLAIN.listeners())
                .extracting(Listener::getName)
                .contains(
                        "a:80",
                        "a.default:80",
                        "a.default.svc:80",
                        "a.default.svc.cluster.local:80",
                        "10.0.0.1:80",
                        "headless:81",
                        "one.example.com:443")
                .noneMatch(name -> name.contains("*"));
        assertThat(PLAIN.listeners()).allMatch(Listener::hasApiListener);
    }

    @Test
    void endpointsComeByEdsOrByOneName() {
        Map<String, Cluster.DiscoveryType> types =
                PLAIN.clusters().stream().collect(Collectors.toMap(Cluster::getName, Cluster::getType));
        // Neither several names nor sockets by endpoint are known to the library.
        assertThat(types)
                .containsEntry("outbound|81||headless.default.svc.cluster.local", Cluster.DiscoveryType.EDS)
                .containsEntry("outbound|443||one.example.com", Cluster.DiscoveryType.LOGICAL_DNS)
                .doesNotContainKeys("outbound|82||two.example.com", "PassthroughCluster");
        assertThat(PLAIN.clusters()).allMatch(cluster -> cluster.getTransportSocketMatchesCount() == 0);
    }

    @Test
    void whatShouldBeEncryptedIsNeverSentInPlaintext() {
        EnvoyResources told = told(MESH + """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: out, namespace: default}
                spec: {host: one.example.com, trafficPolicy: {tls: {mode: SIMPLE}}}
                """);
        assertThat(told.clusters()).extracting(Cluster::getName).doesNotContain("outbound|443||one.example.com");
    }

    @Test
    void routesHaveTheFormOfTheLibrary() {
        List<Route> routes = routes("a.default.svc.cluster.local:80", """
                - match: [{queryParams: {q: {exact: "1"}}}]
                  route: [{destination: {host: headless}}]
                - match: [{uri: {prefix: /moved.}}]
                  redirect: {uri: /new}
                - match: [{uri: {exact: /a.B/C}}]
                  fault: {abort: {httpStatus: 503, percentage: {value: 50}}}
                  timeout: 3s
                  headers: {request: {add: {x: y}}}
                  route: [{destination: {host: a}}]
                """);
        assertThat(routes).hasSize(2);
        assertThat(routes.getFirst().hasNonForwardingAction()).isTrue();
        Route call = routes.getLast();
        assertThat(call.getMatch().getPath()).isEqualTo("/a.B/C");
        assertThat(call.getRoute().getMaxStreamDuration().getMaxStreamDuration().getSeconds())
                .isEqualTo(3);
        assertThat(call.getTypedPerFilterConfigMap()).containsOnlyKeys("envoy.filters.http.fault");
        assertThat(call.getRequestHeadersToAddList()).isEmpty();
    }

    /** The library takes a name that begins with ":" for no header at all, and fails the call. */
    @Test
    void whatAllCallsShareIsSettledHere() {
        List<Route> routes = routes("a.default.svc.cluster.local:80", """
                - match: [{method: {exact: GET}}]
                  route: [{destination: {host: headless}}]
                - match: [{authority: {prefix: b.}}]
                  route: [{destination: {host: headless}}]
                - match: [{scheme: {exact: https}}]
                  route: [{destination: {host: headless}}]
                - match: [{withoutHeaders: {":method": {exact: POST}}}]
                  route: [{destination: {host: headless}}]
                - match: [{method: {regex: "GET|POST"}, authority: {prefix: "a.default."}, headers: {x: {exact: y}}}]
                  route: [{destination: {host: a}}]
                - match: [{withoutHeaders: {":method": {exact: GET}}}]
                  route: [{destination: {host: a}}]
                """);
        assertThat(routes).hasSize(2);
        assertThat(routes.getFirst().getMatch().getHeadersList())
                .extracting(HeaderMatcher::getName)
                .containsExactly("x");
        assertThat(routes.getLast().getMatch().getHeadersList()).isEmpty();
    }

    @Test
    void theLibraryChoosesAsTheRuleSaysWhereItCan() {
        assertThat(chosen("loadBalancer: {simple: LEAST_REQUEST}"))
                .isEqualTo(chosen("connectionPool: {tcp: {maxConnections: 9}}"))
                .returns(Cluster.LbPolicy.ROUND_ROBIN, Cluster::getLbPolicy)
                .satisfies(
                        cluster -> assertThat(cluster.getLoadBalancingPolicy().toString())
                                .containsSubsequence("WrrLocality", "LeastRequest", "RoundRobin"));
        assertThat(chosen("loadBalancer: {simple: ROUND_ROBIN}"))
                .returns(Cluster.LbPolicy.ROUND_ROBIN, Cluster::getLbPolicy)
                .returns(false, Cluster::hasLoadBalancingPolicy);
        assertThat(chosen("loadBalancer: {consistentHash: {httpHeaderName: x, maglev: {tableSize: 101}}}"))
                .returns(Cluster.LbPolicy.RING_HASH, Cluster::getLbPolicy);
    }

    private static Cluster chosen(String policy) {
        return told(MESH + """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: a, namespace: default}
                spec: {host: a, trafficPolicy: {%s}}
                """.formatted(policy)).clusters().stream()
                .filter(cluster -> cluster.getName().equals("outbound|80||a.default.svc.cluster.local"))
                .findFirst()
                .orElseThrow();
    }

    private static List<Route> routes(String name, String rules) {
        String rule = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: a, namespace: default}
                spec:
                  hosts: [a]
                  http:
                """ + rules.indent(2);
        RouteConfiguration found = told(MESH + rule).routes().stream()
                .filter(routes -> routes.getName().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(found.getVirtualHostsList())
                .singleElement()
                .satisfies(host -> assertThat(host.getDomainsList()).containsExactly("*"));
        return found.getVirtualHosts(0).getRoutesList();
    }

    private static EnvoyResources told(String yaml) {
        Node.Builder node = Node.newBuilder().setId("sidecar~10.44.0.9~client-0.default~default.svc.cluster.local");
        node.getMetadataBuilder()
                .putFields(
                        "GENERATOR",
                        com.google.protobuf.Value.newBuilder()
                                .setStringValue("grpc")
                                .build());
        ProxyView view = Proxies.view(node.build());
        assertThat(view.proxyless()).isTrue();
        return Translator.translate(MeshFiles.of(yaml), view);
    }
}
