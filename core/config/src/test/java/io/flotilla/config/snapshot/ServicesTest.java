package io.flotilla.config.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.registry.v1.Namespace;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import io.flotilla.config.snapshot.MeshEndpoint.Health;
import io.flotilla.config.snapshot.MeshService.Resolution;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServicesTest {
    private static MeshService service(MeshSnapshot snapshot, String host) {
        return snapshot.service(host, "default").orElseThrow();
    }

    @Test
    void aDeploymentBecomesEndpointsOfItsService() {
        MeshSnapshot snapshot = TestMesh.of(TestMesh.BOOKS);
        MeshService reviews = service(snapshot, "reviews.default.svc.cluster.local");

        assertThat(reviews.resolution()).isEqualTo(Resolution.REGISTRY);
        assertThat(reviews.addresses()).singleElement().asString().startsWith("10.96.");
        assertThat(reviews.origin().toString()).isEqualTo("test.yaml:1");
        assertThat(snapshot.endpoints(reviews, 9080)).hasSize(2).allSatisfy(endpoint -> {
            assertThat(endpoint.port()).isEqualTo(8080);
            assertThat(endpoint.addresses()).singleElement().asString().startsWith("10.44.");
            assertThat(endpoint.labels()).containsEntry("version", "v1");
            assertThat(endpoint.serviceAccount()).isEqualTo("reviews");
            assertThat(endpoint.health()).isEqualTo(Health.HEALTHY);
            assertThat(endpoint.meshTls()).isTrue();
        });
        assertThat(snapshot.endpoints(reviews, 1)).isEmpty();
        assertThat(snapshot.inboundPorts("default", Map.of("app", "reviews")))
                .singleElement()
                .satisfies(port -> assertThat(port.endpointPort()).isEqualTo(8080));
        assertThat(snapshot.workload("default", "reviews-v1-1")).hasValueSatisfying(workload -> {
            assertThat(workload.getOwnerName()).isEqualTo("reviews-v1");
            assertThat(snapshot.workloadByAddress("", workload.getAddresses(0))).contains(workload);
        });
    }

    @Test
    void anAddressMeansThePodOfItsNetwork() {
        MeshSnapshot snapshot = TestMesh.of(pod("near", "topology.istio.io/network: near", "10.44.0.1")
                + pod("far", "topology.istio.io/network: far", "10.44.0.1")
                + pod("told", "topology.istio.io/network: far", "10.44.0.2")
                + pod("untold", "app: a", "10.44.0.3"));

        assertThat(named(snapshot, "near", "10.44.0.1")).contains("near");
        assertThat(named(snapshot, "far", "10.44.0.1")).contains("far");
        assertThat(named(snapshot, "", "10.44.0.1")).as("it may be either").isEmpty();
        assertThat(named(snapshot, "other", "10.44.0.1")).isEmpty();
        assertThat(named(snapshot, "", "10.44.0.2")).contains("told");
        assertThat(named(snapshot, "near", "10.44.0.2")).isEmpty();
        assertThat(named(snapshot, "near", "10.44.0.3")).contains("untold");
    }

    private static Optional<String> named(MeshSnapshot snapshot, String network, String address) {
        return snapshot.workloadByAddress(network, address).map(Workload::getName);
    }

    private static String pod(String name, String label, String address) {
        return """
                {apiVersion: v1, kind: Pod, metadata: {name: %s, labels: {%s}}, spec: {containers: [{name: c}]}, status: {phase: Running, podIP: %s}}
                ---
                """.formatted(name, label, address);
    }

    @Test
    void headlessExternalAndDeclaredServicesAreFoundInTheirOwnWays() {
        MeshSnapshot snapshot = TestMesh.of("""
                {apiVersion: v1, kind: Service, metadata: {name: db}, spec: {clusterIP: None, ports: [{port: 3306, name: mysql}]}}
                ---
                {apiVersion: v1, kind: Service, metadata: {name: ext}, spec: {type: ExternalName, externalName: e.example.com, ports: [{port: 80, name: http}]}}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: web}
                spec:
                  hosts: [www.example.com, "*.example.org"]
                  ports: [{number: 443, name: tls, protocol: TLS}]
                  resolution: NONE
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: dns}
                spec:
                  hosts: [api.example.com]
                  ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}]
                  resolution: DNS
                """);
        assertThat(service(snapshot, "db.default.svc.cluster.local"))
                .returns(Resolution.PASSTHROUGH, MeshService::resolution)
                .returns(List.of(), MeshService::addresses);
        MeshService external = service(snapshot, "ext.default.svc.cluster.local");
        assertThat(external.resolution()).isEqualTo(Resolution.DNS);
        assertThat(snapshot.endpoints(external, 80))
                .singleElement()
                .returns(List.of("e.example.com"), MeshEndpoint::addresses);
        assertThat(service(snapshot, "*.example.org").resolution()).isEqualTo(Resolution.PASSTHROUGH);
        assertThat(service(snapshot, "www.example.com").external()).isTrue();
        assertThat(snapshot.endpoints(service(snapshot, "api.example.com"), 80))
                .singleElement()
                .returns(8080, MeshEndpoint::port);
    }

    @Test
    void endpointsTellHealthAndWhoTheyAre() {
        MeshSnapshot snapshot = TestMesh.of("""
                {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80, name: http}]}}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: a-1, labels: {kubernetes.io/service-name: a}}
                addressType: IPv4
                ports: [{name: http, port: 8080}]
                endpoints:
                - {addresses: [10.0.0.1], conditions: {ready: true}, targetRef: {kind: Pod, name: p}}
                - {addresses: [10.0.0.2], conditions: {ready: false}}
                - {addresses: [10.0.0.3], conditions: {ready: false, serving: true, terminating: true}}
                - {addresses: [10.0.0.4], conditions: {ready: false, serving: false, terminating: true}}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: p, labels: {version: v9}}
                spec: {serviceAccountName: sa, nodeName: n, initContainers: [{name: istio-proxy, restartPolicy: Always}], containers: [{name: c}]}
                status: {podIP: 10.0.0.1}
                ---
                {apiVersion: v1, kind: Node, metadata: {name: n, labels: {topology.kubernetes.io/region: r, topology.kubernetes.io/zone: z}}}
                """);
        List<MeshEndpoint> endpoints = snapshot.endpoints(service(snapshot, "a.default.svc.cluster.local"), 80);
        assertThat(endpoints)
                .extracting(MeshEndpoint::health)
                .containsExactly(Health.HEALTHY, Health.UNHEALTHY, Health.DRAINING);
        assertThat(endpoints.getFirst())
                .returns("default/p", MeshEndpoint::workload)
                .returns("r/z", MeshEndpoint::locality)
                .returns("sa", MeshEndpoint::serviceAccount)
                .returns(true, MeshEndpoint::meshTls);
        assertThat(endpoints.get(1).meshTls()).isFalse();
    }

    @Test
    void aPodWithoutSidecarSpeaksMeshTlsWhereItsLabelSaysSo() {
        MeshSnapshot snapshot = TestMesh.of("""
                {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {selector: {app: a}, ports: [{port: 80, name: grpc}]}}
                ---
                {apiVersion: v1, kind: Pod, metadata: {name: p1, labels: {app: a, security.istio.io/tlsMode: istio}}, spec: {containers: [{name: c}]}, status: {podIP: 10.0.0.1}}
                ---
                {apiVersion: v1, kind: Pod, metadata: {name: p2, labels: {app: a, security.istio.io/tlsMode: disabled}}, spec: {containers: [{name: istio-proxy}]}, status: {podIP: 10.0.0.2}}
                """);
        assertThat(snapshot.endpoints(service(snapshot, "a.default.svc.cluster.local"), 80))
                .extracting(MeshEndpoint::meshTls)
                .containsExactly(true, false);
    }

    @Test
    void exportToDecidesWhoSeesWhat() {
        MeshSnapshot snapshot = TestMesh.of("""
                {apiVersion: v1, kind: Service, metadata: {name: p, namespace: a, annotations: {networking.istio.io/exportTo: .}}, spec: {ports: [{port: 80}]}}
                ---
                {apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: v, namespace: a}, spec: {hosts: [p], exportTo: [b], http: [{route: [{destination: {host: p}}]}]}}
                """);
        assertThat(snapshot.visibleServices("a")).hasSize(1);
        assertThat(snapshot.visibleServices("b")).isEmpty();
        assertThat(snapshot.service("p.a.svc.cluster.local", "b")).isEmpty();
        assertThat(snapshot.virtualServices("a")).isEmpty();
        assertThat(snapshot.virtualServices("b")).hasSize(1);
    }

    @Test
    void whoSeesAServiceEntryFollowsTheLabelsOfItsNamespace() {
        MeshSnapshot before = TestMesh.of("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data:
                  mesh: |
                    serviceEntryVisibility:
                      applyToSidecars: true
                      defaultVisibility: NAMESPACE
                      policies:
                      - {visibility: PUBLIC, matchingRules: [{namespaceSelector: {matchLabels: {trusted: "yes"}}}]}
                ---
                {apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: a, namespace: shop},
                 spec: {hosts: [a.corp], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}}""");
        assertThat(before.service("a.corp", "other")).isEmpty();
        assertThat(before.service("a.corp", "shop")).isPresent();
        Config<Namespace> namespace = new Config<>(
                ObjectKey.of(Kind.REGISTRY_NAMESPACE, "", "shop"),
                Namespace.newBuilder()
                        .setName("shop")
                        .putLabels("trusted", "yes")
                        .build(),
                Map.of(),
                Map.of(),
                Instant.EPOCH,
                "1",
                Origin.NONE);
        MeshSnapshot after = SnapshotBuilder.update(before, List.of(namespace), Set.of());
        assertThat(after.service("a.corp", "other")).isPresent();
        assertThat(SnapshotBuilder.update(after, List.of(), Set.of(namespace.key()))
                        .service("a.corp", "other"))
                .isEmpty();
    }

    @Test
    void theClientsRuleComesBeforeTheServicesAndTheMeshs() {
        String root = rule("istio-system", "*.local", "a");
        String owner = rule("default", "reviews", "b");
        String owners = rule("default", "*.default.svc.cluster.local", "c");
        String client = rule("web", "reviews.default.svc.cluster.local", "d");
        assertThat(subsets(root)).containsExactly("a");
        assertThat(subsets(root, owners)).containsExactly("c");
        assertThat(subsets(root, owners, owner)).containsExactly("b");
        assertThat(subsets(root, owner, client)).containsExactly("d");
        assertThat(subsets(owner, rule("default", "reviews.default.svc.cluster.local", "e")))
                .containsExactlyInAnyOrder("b", "e");
    }

    private static List<String> subsets(String... rules) {
        return TestMesh.of(TestMesh.BOOKS + "---\n" + String.join("\n---\n", rules))
                .destinationRule("reviews.default.svc.cluster.local", "web")
                .map(Config::spec)
                .map(rule -> rule.getSubsetsList().stream()
                        .map(subset -> subset.getName())
                        .toList())
                .orElse(List.of());
    }

    private static String rule(String namespace, String host, String subset) {
        return """
                {apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: %3$s, namespace: %1$s},
                 spec: {host: "%2$s", subsets: [{name: %3$s}]}}
                """.formatted(namespace, host, subset);
    }
}
