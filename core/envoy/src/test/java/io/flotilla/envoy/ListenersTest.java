package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.mesh.RealEnvoy;
import io.flotilla.envoy.mesh.StaticBootstrap;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.simulation.Outcome;
import io.flotilla.envoy.simulation.Simulator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which listeners and chains a sidecar has. */
class ListenersTest {
    private static EnvoyResources resources(String app, String more) {
        return Translator.translate(MeshFiles.of(MESH + "---\n" + more), Proxies.sidecar(app, "v1"));
    }

    private static Listener listener(EnvoyResources resources, String name) {
        return resources.listeners().stream()
                .filter(listener -> listener.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> chains(String app, String more) {
        return listener(resources(app, more), "virtualInbound").getFilterChainsList().stream()
                .map(FilterChain::getName)
                .toList();
    }

    @Test
    void anAddressAndPortOfTcpAndAPortOfHttpHaveAListenerEach() {
        assertThat(resources("client", "").listeners())
                .extracting(Listener::getName)
                .containsExactly(
                        "0.0.0.0_27017",
                        "0.0.0.0_443",
                        "0.0.0.0_80",
                        "10.96.4.1_3306",
                        "10.96.4.2_7000",
                        "virtualInbound",
                        "virtualOutbound");
    }

    @Test
    void whatIsCapturedArrivesAtThePortsThatTheMeshSays() {
        EnvoyResources resources = resources("client", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: "{proxyListenPort: 15011, proxyInboundListenPort: 15016}"}
                """);
        assertThat(Map.of("virtualOutbound", 15011, "virtualInbound", 15016)).allSatisfy((name, port) -> {
            Listener listener = listener(resources, name);
            assertThat(listener.getAddress().getSocketAddress().getPortValue()).isEqualTo(port);
            assertThat(listener.getFilterChains(0)
                            .getFilterChainMatch()
                            .getDestinationPort()
                            .getValue())
                    .as("what would come back to it for ever")
                    .isEqualTo(port);
        });
    }

    @Test
    void permissivePortsTakeMeshTlsPlaintextAndTheApplicationsOwnTls() {
        assertThat(chains("db", ""))
                .containsExactly(
                        "virtualInbound-blackhole",
                        "inbound|3306||mtls-tcp",
                        "inbound|3306||tcp",
                        "inbound|3306||tls",
                        "virtualInbound");
        assertThat(chains("web", ""))
                .containsExactly(
                        "virtualInbound-blackhole",
                        "inbound|8080||mtls-http",
                        "inbound|8080||http",
                        "inbound|8080||tls",
                        "virtualInbound");
    }

    @Test
    void strictPortsTakeMeshTlsOnlyOnUndeclaredPortsToo() {
        assertThat(chains("web", policy("STRICT")))
                .containsExactly("virtualInbound-blackhole", "inbound|8080||mtls-http", "virtualInbound-mtls");
    }

    @Test
    void onlyWorkloadsWhoseServersMaySpeakFirstHaveADelay() {
        Listener db = listener(resources("db", ""), "virtualInbound");
        assertThat(Durations.toMillis(db.getListenerFiltersTimeout())).isEqualTo(100);
        assertThat(db.getContinueOnListenerFiltersTimeout()).isTrue();
        assertThat(listener(resources("web", ""), "virtualInbound").getContinueOnListenerFiltersTimeout())
                .isFalse();
        assertThat(listener(resources("db", policy("STRICT")), "virtualInbound").getContinueOnListenerFiltersTimeout())
                .isFalse();
    }

    @Test
    void hostsOfServiceEntriesAreKnown() {
        Simulator simulator = new Simulator(resources("client", ""));
        assertThat(simulator.outbound(Call.get("api.example.com", 80, "/")))
                .isEqualTo(new Outcome.Forwarded(Map.of("outbound|80||api.example.com", 100), "/", "", ""));
        assertThat(simulator.outbound(Call.get("", 3306, "/").to("10.96.4.1")))
                .isEqualTo(new Outcome.Tcp(Map.of("outbound|3306||db.default.svc.cluster.local", 100)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "web", "db", "auto"})
    void envoyTakesThem(String app, @TempDir Path directory) throws Exception {
        for (String mode : List.of("PERMISSIVE", "STRICT", "DISABLE")) {
            assertThat(RealEnvoy.complaint(StaticBootstrap.of(resources(app, policy(mode))), directory))
                    .isEmpty();
        }
    }

    private static String policy(String mode) {
        return """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: default}
            spec: {mtls: {mode: %s}}
            """.formatted(mode);
    }

    private static final String MESH = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data:
              mesh: |
                accessLogService: istio-telemetry.istio-system.svc.cluster.local:9091
                defaultConfig: {tracing: {zipkin: {address: "zipkin.example:9411"}}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: default}
            spec: {clusterIP: 10.96.4.3, selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: db, namespace: default}
            spec: {clusterIP: 10.96.4.1, selector: {app: db}, ports: [{name: tcp-sql, port: 3306}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: auto, namespace: default}
            spec: {clusterIP: 10.96.4.2, selector: {app: auto}, ports: [{name: any, port: 7000}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: mongo, namespace: default}
            spec: {clusterIP: None, selector: {app: mongo}, ports: [{name: mongo, port: 27017}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: api, namespace: default}
            spec:
              hosts: [api.example.com]
              ports: [{number: 80, name: http, protocol: HTTP}, {number: 443, name: tls, protocol: TLS}]
              resolution: DNS
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: wild, namespace: default}
            spec:
              hosts: ["*.wild.com"]
              ports: [{number: 443, name: tls, protocol: TLS}]
              resolution: NONE
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: range, namespace: default}
            spec:
              hosts: [range.com]
              addresses: [192.168.0.0/24]
              ports: [{number: 443, name: tcp, protocol: TCP}]
              resolution: STATIC
              endpoints: [{address: 192.168.0.7}]
            """;
}
