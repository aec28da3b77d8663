package io.flotilla.galley.consul;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshEndpoint.Health;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.store.MeshFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class ConsulObjectsTest {
    private static SortedMap<String, String> documents(String service, String... entries) {
        List<ConsulInstance> instances = new ArrayList<>();
        for (String entry : entries) {
            ConsulInstance.of(json(entry)).ifPresent(instances::add);
        }
        return new ConsulObjects("default").of(service, instances);
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String instance(String id, String address, int port, String more, String status) {
        return """
                {'Node': {'Node': 'n1', 'Address': '10.0.0.1', 'Datacenter': 'eu-west'},
                 'Service': {'ID': '%s', 'Address': '%s', 'Port': %d %s}, 'Checks': [{'Status': '%s'}, {'Status': 'passing'}]}
                """.formatted(id, address, port, more, status);
    }

    private static MeshSnapshot mesh(Map<String, String> documents) {
        MeshFolder folder = MeshFolder.read(documents);
        assertThat(folder.diagnostics()).isEmpty();
        return folder.snapshot();
    }

    private static List<MeshEndpoint> endpoints(MeshSnapshot mesh, String host, int port) {
        return mesh.endpoints(mesh.service(host, "default").orElseThrow(), port);
    }

    @Test
    void serviceIsACallableHostWithItsInstances() {
        MeshSnapshot mesh = mesh(documents(
                "web",
                instance(
                        "a",
                        "10.1.0.1",
                        8080,
                        ", 'Tags': ['version|v1', 'plain', 'zone=b'], 'Meta': {'protocol': 'http',"
                                + " 'service-account': 'web', 'network': 'vpc'}, 'Weights': {'Passing': 5, 'Warning': 2}",
                        "passing"),
                instance("b", "", 8080, "", "critical"),
                instance("c", "10.1.0.3", 9090, ", 'Weights': {'Passing': 5, 'Warning': 2}", "warning")));
        MeshService web = mesh.service("web.service.consul", "default").orElseThrow();
        assertThat(web.external()).isFalse();
        assertThat(web.ports()).singleElement().satisfies(port -> {
            assertThat(port.number()).isEqualTo(8080);
            assertThat(port.protocol()).isEqualTo(Protocol.HTTP);
        });
        List<MeshEndpoint> endpoints = endpoints(mesh, "web.service.consul", 8080);
        assertThat(endpoints)
                .extracting(each -> each.addresses().getFirst() + ":" + each.port() + " " + each.health())
                .containsExactly(
                        "10.0.0.1:8080 " + Health.UNHEALTHY,
                        "10.1.0.1:8080 " + Health.HEALTHY,
                        "10.1.0.3:9090 " + Health.HEALTHY);
        assertThat(endpoints.get(1)).satisfies(endpoint -> {
            assertThat(endpoint.labels()).containsEntry("version", "v1").containsEntry("zone", "b");
            assertThat(endpoint.locality()).isEqualTo("eu-west");
            assertThat(endpoint.weight()).isEqualTo(5);
            assertThat(endpoint.serviceAccount()).isEqualTo("web");
            assertThat(endpoint.network()).isEqualTo("vpc");
        });
        assertThat(endpoints.get(2).weight()).isEqualTo(2);
    }

    @Test
    void oneInstanceThatChangesIsOneDocument() {
        Map<String, String> before = documents(
                "web", instance("a", "10.1.0.1", 80, "", "passing"), instance("b", "10.1.0.2", 80, "", "passing"));
        Map<String, String> after = documents(
                "web", instance("a", "10.1.0.1", 80, "", "passing"), instance("b", "10.1.0.2", 80, "", "critical"));
        assertThat(after.entrySet().stream().filter(entry -> !entry.getValue().equals(before.get(entry.getKey()))))
                .hasSize(1);
    }

    @Test
    void instancesWithNamesAreLookedUp() {
        MeshSnapshot mesh = mesh(documents(
                "ext",
                instance("a", "db.example.com", 443, ", 'Meta': {'external': 'yes', 'protocol': 'tls'}", "passing")));
        MeshService service = mesh.service("ext.service.consul", "default").orElseThrow();
        assertThat(service.external()).isTrue();
        assertThat(service.resolution()).isEqualTo(MeshService.Resolution.DNS);
        assertThat(endpoints(mesh, "ext.service.consul", 443))
                .singleElement()
                .satisfies(each -> assertThat(each.addresses()).containsExactly("db.example.com"));
    }

    @Test
    void portIsWhatTheServiceSaysElseWhatMostHave() {
        String meta = ", 'Meta': {'service-port': '80'}";
        MeshSnapshot said = mesh(documents("job", instance("a", "10.1.0.1", 20_001, meta, "passing")));
        assertThat(endpoints(said, "job.service.consul", 80).getFirst().port()).isEqualTo(20_001);
        MeshSnapshot most = mesh(documents(
                "job",
                instance("a", "10.1.0.1", 9, "", "passing"),
                instance("b", "10.1.0.2", 7, "", "passing"),
                instance("c", "10.1.0.3", 7, "", "passing")));
        assertThat(endpoints(most, "job.service.consul", 7)).hasSize(3);
    }

    @Test
    void oddNamesBecomeObjectsAndTooOddOnesNone() {
        assertThat(mesh(documents("My_Svc", instance("a", "10.1.0.1", 80, "", "passing")))
                        .service("my_svc.service.consul", "default"))
                .isPresent();
        assertThat(documents("no host!", instance("a", "10.1.0.1", 80, "", "passing")))
                .isEmpty();
        assertThat(documents("empty")).isEmpty();
        assertThat(documents("proxy", instance("a", "10.1.0.1", 80, ", 'Kind': 'connect-proxy'", "passing")))
                .isEmpty();
        assertThat(ConsulNames.label("A")).isNotEqualTo(ConsulNames.label("a"));
    }

    @Test
    void indexesFollowTheDocumentedRules() {
        CatalogIndex seen = CatalogIndex.START.after(7);
        assertThat(seen.unchangedBy(7)).isTrue();
        assertThat(seen.after(8)).isEqualTo(new CatalogIndex(8));
        assertThat(seen.after(6)).isEqualTo(CatalogIndex.START);
        assertThat(seen.after(0)).isEqualTo(CatalogIndex.START);
        assertThat(CatalogIndex.START.unchangedBy(0)).isFalse();
    }
}
