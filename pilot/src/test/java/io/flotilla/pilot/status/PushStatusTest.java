package io.flotilla.pilot.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.pilot.world.MeshYaml;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PushStatusTest {
    private static final String WEB = MeshYaml.service("web") + MeshYaml.pod("web", "web", "10.44.1.1");

    private static String tcp(String name) {
        return MeshYaml.service("web")
                .replace("{name: web, namespace: default}", "{name: " + name + ", namespace: default}")
                .replace("name: http", "name: tcp");
    }

    private static String outside(String namespace, String host, String port) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: %s, namespace: %s}
                spec: {hosts: [%s], ports: [%s], resolution: DNS}
                ---
                """.formatted(host.replace('.', '-'), namespace, host, port);
    }

    private static String rule(String name, String subset) {
        return """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: %s, namespace: default}
                spec: {host: web, subsets: [{name: %s, labels: {version: v1}}]}
                ---
                """.formatted(name, subset);
    }

    @ParameterizedTest
    @CsvSource({
        // By the order of their names: what is first is there already when the other comes.
        "another, pilot_conflict_outbound_listener_http_over_current_tcp",
        "xother, pilot_conflict_outbound_listener_tcp_over_current_http",
    })
    void twoServicesThatSayDifferentThingsOfAPodsPortAndOfAnAddressConflict(String name, String metric) {
        Map<String, Map<String, String>> found = PushStatus.of(MeshYaml.of(WEB + tcp(name)));
        assertThat(found.get("pilot_conflict_inbound_listener")).containsOnlyKeys("default/web-0:80");
        assertThat(found.get(metric)).containsOnlyKeys("10.96.1.1:80");
        assertThat(PushStatus.METRICS.stream()
                        .filter(each -> each.startsWith("pilot_conflict"))
                        .mapToInt(each -> found.getOrDefault(each, Map.of()).size())
                        .sum())
                .isEqualTo(2);
    }

    @Test
    void tcpServicesWithoutAddressesCannotShareAPortWhileHttpAndTlsCan() {
        String tls = "{number: 443, name: tls, protocol: TLS}";
        String http = "{number: 9000, name: http, protocol: HTTP}";
        String tcp = "{number: 9000, name: tcp, protocol: TCP}";
        Map<String, Map<String, String>> found = PushStatus.of(MeshYaml.of(WEB
                + outside("default", "a.example.com", tls)
                + outside("default", "b.example.com", tls)
                + outside("default", "c.example.com", http)
                + outside("default", "d.example.com", tcp)));
        assertThat(found.get("pilot_conflict_outbound_listener_tcp_over_current_tcp"))
                .isEmpty();
        found = PushStatus.of(
                MeshYaml.of(WEB + outside("default", "d.example.com", tcp) + outside("default", "e.example.com", tcp)));
        assertThat(found.get("pilot_conflict_outbound_listener_tcp_over_current_tcp"))
                .isEqualTo(Map.of("0.0.0.0:9000", "of d.example.com and of e.example.com"));
    }

    @Test
    void subsetsOfOneNameCountOnce() {
        Map<String, Map<String, String>> found =
                PushStatus.of(MeshYaml.of(WEB + rule("a", "v1") + rule("b", "v1") + rule("c", "v2")));
        assertThat(found.get("pilot_destrule_subsets"))
                .isEqualTo(Map.of(
                        "default/web.default.svc.cluster.local: v1", "in default/a, and in default/b without effect"));
    }

    @Test
    void oneHostDeclaredTwiceWhereBothAreSeenIsADuplicateCluster() {
        String port = "{number: 80, name: http, protocol: HTTP}";
        Map<String, Map<String, String>> found = PushStatus.of(
                MeshYaml.of(WEB + outside("default", "a.example.com", port) + outside("other", "a.example.com", port)));
        assertThat(found.get("pilot_duplicate_envoy_clusters")).containsOnlyKeys("outbound|80||a.example.com");
        found = PushStatus.of(MeshYaml.of(WEB + outside("default", "a.example.com", port)));
        assertThat(found.get("pilot_duplicate_envoy_clusters")).isEmpty();
    }
}
