package io.flotilla.config.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.registry.v1.EndpointSlice;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.config.snapshot.MeshEndpoint.Health;
import io.flotilla.config.store.ConfigStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkloadEntriesTest {
    private static final String HOST = "db.default.svc.cluster.local";
    private static final String ENTRY = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: legacy}
            spec:
              hosts: [legacy.corp]
              location: MESH_INTERNAL
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}, {number: 9, name: tcp, protocol: TCP}]
              workloadSelector: {labels: {app: legacy}}
            """;

    private static String vm(String name, String more) {
        return """
                apiVersion: networking.istio.io/v1
                kind: WorkloadEntry
                metadata: {name: %s%s
                """.formatted(name, more);
    }

    private static MeshEndpoint only(MeshSnapshot snapshot, String host, int port) {
        MeshService service = snapshot.service(host, "default").orElseThrow();
        assertThat(snapshot.endpoints(service, port)).hasSize(1);
        return snapshot.endpoints(service, port).getFirst();
    }

    @Test
    void selectorOfAServiceEntryFindsEntriesAndPods() {
        MeshSnapshot snapshot = TestMesh.of(ENTRY, vm("vm-1", """
                        }
                        spec: {address: 10.9.0.1, ports: {http: 8888}, labels: {app: legacy, version: v2}, weight: 7,
                               locality: eu/b/1, network: dc, serviceAccount: legacy}
                        """), """
                {apiVersion: v1, kind: Pod, metadata: {name: pod, labels: {app: legacy}},
                 spec: {containers: [{name: c, image: i}]}, status: {podIP: 10.9.0.2}}
                """);
        MeshService service = snapshot.service("legacy.corp", "default").orElseThrow();
        assertThat(snapshot.endpoints(service, 80)).hasSize(2);
        assertThat(snapshot.endpoints(service, 80).getFirst()).satisfies(endpoint -> {
            assertThat(endpoint.addresses()).containsExactly("10.9.0.1");
            assertThat(endpoint.port()).isEqualTo(8888);
            assertThat(endpoint.weight()).isEqualTo(7);
            assertThat(endpoint.locality()).isEqualTo("eu/b/1");
            assertThat(endpoint.network()).isEqualTo("dc");
            assertThat(endpoint.serviceAccount()).isEqualTo("legacy");
            assertThat(endpoint.labels()).containsEntry("version", "v2");
            assertThat(endpoint.workload()).isEqualTo("default/vm-1");
            assertThat(endpoint.meshTls()).isTrue();
        });
        assertThat(snapshot.endpoints(service, 80).getLast().port()).isEqualTo(8080);
        assertThat(snapshot.endpoints(service, 9).getFirst().port()).isEqualTo(9);
        assertThat(snapshot.inboundPorts("default", Map.of("app", "legacy", "version", "v2")))
                .extracting(MeshSnapshot.InboundPort::endpointPort)
                .containsExactly(9, 8888);
    }

    @Test
    void selectorOfAServiceFindsEntriesBesideSlicesOfTheCluster() {
        MeshSnapshot snapshot = TestMesh.of(
                """
                {apiVersion: v1, kind: Service, metadata: {name: db},
                 spec: {selector: {app: db}, ports: [{name: tcp, port: 3306, targetPort: sql}, {name: x, port: 5}]}}
                """,
                """
                {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4, ports: [{name: tcp, port: 1}],
                 metadata: {name: db-abc, labels: {kubernetes.io/service-name: db}}, endpoints: [{addresses: [10.9.0.1]}]}
                """,
                vm("vm-1", ", labels: {app: db}}\nspec: {address: 10.9.0.9, ports: {tcp: 33060}}"),
                vm("named", ", labels: {app: db}}\nspec: {address: db.corp, ports: {tcp: 33060}}"));
        MeshService service = snapshot.service(HOST, "default").orElseThrow();
        assertThat(snapshot.endpoints(service, 3306))
                .extracting(endpoint -> endpoint.addresses().getFirst() + ":" + endpoint.port())
                .containsExactly("10.9.0.1:1", "10.9.0.9:33060");
        assertThat(only(snapshot, HOST, 5).meshTls()).isFalse();
    }

    @Test
    void healthComesFromStatusOrAnnotation() {
        String bad = "\nstatus: {conditions: [{type: Healthy, status: \"False\"}]}";
        String spec = "}\nspec: {address: 10.9.0.1, labels: {app: legacy}}";
        assertThat(only(TestMesh.of(ENTRY, vm("a", spec)), "legacy.corp", 9).health())
                .isEqualTo(Health.HEALTHY);
        assertThat(only(TestMesh.of(ENTRY, vm("a", spec + bad)), "legacy.corp", 9)
                        .health())
                .isEqualTo(Health.UNHEALTHY);
        String checked = ", annotations: {proxy.istio.io/health-checks-enabled: \"true\"}" + spec;
        assertThat(only(TestMesh.of(ENTRY, vm("a", checked)), "legacy.corp", 9).health())
                .isEqualTo(Health.UNHEALTHY);
        assertThat(only(TestMesh.of(ENTRY, vm("a", checked + bad.replace("False", "True"))), "legacy.corp", 9)
                        .health())
                .isEqualTo(Health.HEALTHY);
        String said = ", annotations: {flotilla.io/healthy: \"false\"}" + spec;
        assertThat(only(TestMesh.of(ENTRY, vm("a", said)), "legacy.corp", 9).health())
                .isEqualTo(Health.UNHEALTHY);
    }

    @Test
    void groupGivesWhatTheEntryLeavesUnset() {
        String group = """
                apiVersion: networking.istio.io/v1
                kind: WorkloadGroup
                metadata: {name: legacy}
                spec:
                  metadata: {labels: {app: legacy, version: v1}}
                  template: {ports: {http: 8181}, serviceAccount: legacy, locality: us/a, network: dc, weight: 3}
                """;
        String entry = vm("a", """
                , annotations: {istio.io/autoRegistrationGroup: legacy}}
                spec: {address: 10.9.0.1, locality: eu/c, labels: {version: v9}}
                """);
        assertThat(only(TestMesh.of(ENTRY, entry, group), "legacy.corp", 80)).satisfies(endpoint -> {
            assertThat(endpoint.port()).isEqualTo(8181);
            assertThat(endpoint.serviceAccount()).isEqualTo("legacy");
            assertThat(endpoint.locality()).isEqualTo("eu/c");
            assertThat(endpoint.network()).isEqualTo("dc");
            assertThat(endpoint.weight()).isEqualTo(3);
            assertThat(endpoint.labels()).containsEntry("version", "v9");
        });
    }

    @Test
    void podAndEntryOfOneNameAreTwo() {
        MeshSnapshot snapshot =
                TestMesh.of(ENTRY, vm("same", "}\nspec: {address: 10.9.0.1, labels: {app: legacy}}"), """
                {apiVersion: v1, kind: Pod, metadata: {name: same, labels: {app: legacy}},
                 spec: {containers: [{name: c, image: i}]}, status: {podIP: 10.9.0.2}}
                """);
        assertThat(snapshot.endpoints(snapshot.service("legacy.corp", "default").orElseThrow(), 9))
                .hasSize(2);
        assertThat(snapshot.workload("default", "same"))
                .hasValueSatisfying(
                        workload -> assertThat(workload.getDeclared()).isFalse());
    }

    @Test
    void oneEntryThatComesChangesOrGoesMovesOneSlice() {
        StringBuilder text = new StringBuilder("""
                {apiVersion: v1, kind: Service, metadata: {name: db}, spec: {selector: {app: db}, ports: [{port: 5}]}}
                """);
        for (int i = 0; i < 1000; i++) {
            text.append("---\n").append(entry(i, "10.1." + i / 200 + "." + i % 200));
        }
        ConfigStore store = ConfigStore.empty(ReadOptions.DEFAULT);
        MeshObjects mesh = MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system");
        ConfigStore.Change read = store.apply(Map.of("all", Optional.of(text.toString())));
        MeshObjects.Change all = mesh.apply(read.changed(), read.removed());
        assertThat(slices(all))
                .hasSizeGreaterThan(10)
                .allSatisfy(slice -> assertThat(slice.getEndpointsCount()).isLessThanOrEqualTo(100));
        assertThat(slices(all).stream()
                        .mapToInt(EndpointSlice::getEndpointsCount)
                        .sum())
                .isEqualTo(1000);
        ConfigStore.Change one = read.store().apply(Map.of("new", Optional.of(entry(5000, "10.2.0.1"))));
        MeshObjects.Change came = all.objects().apply(one.changed(), one.removed());
        assertThat(slices(came)).hasSize(1);
        ConfigStore.Change none = one.store().apply(Map.of("new", Optional.empty()));
        MeshObjects.Change went = came.objects().apply(none.changed(), none.removed());
        assertThat(slices(went)).hasSize(1);
        assertThat(went.removed()).extracting(key -> key.kind()).contains(Kind.REGISTRY_WORKLOAD, Kind.WORKLOAD_ENTRY);
    }

    private static String entry(int number, String address) {
        return """
                {apiVersion: networking.istio.io/v1, kind: WorkloadEntry, metadata: {name: vm-%d, labels: {app: db}},
                 spec: {address: %s}}
                """.formatted(number, address);
    }

    private static List<EndpointSlice> slices(MeshObjects.Change change) {
        return change.changed().stream()
                .map(Config::spec)
                .filter(EndpointSlice.class::isInstance)
                .map(EndpointSlice.class::cast)
                .toList();
    }
}
