package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.mesh.RealEnvoy;
import io.flotilla.envoy.mesh.StaticBootstrap;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.simulation.Outcome;
import io.flotilla.envoy.simulation.Simulator;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers of Gateways at the edge. */
class GatewayTest {
    private static final Outcome WEB =
            new Outcome.Forwarded(Map.of("outbound|80||web.default.svc.cluster.local", 100), "/", "", "");

    private final EnvoyResources resources = Translator.translate(MeshFiles.of(MESH), Proxies.ingress());
    private final Simulator edge = new Simulator(resources);

    @Test
    void theServicesTargetPortIsWhatTheEdgeListensOn() {
        assertThat(resources.listeners())
                .extracting(listener -> listener.getName())
                .containsExactly("0.0.0.0_8080", "0.0.0.0_8443", "0.0.0.0_9000", "0.0.0.0_9001");
    }

    @Test
    void aHostMustBeTheServersAndTheRules() {
        assertThat(edge.edge(Call.get("web.example.com", 8080, "/"))).isEqualTo(WEB);
        assertThat(edge.edge(Call.get("web.example.com:80", 8080, "/"))).isEqualTo(WEB);
        assertThat(edge.edge(Call.get("web.elsewhere.com", 8080, "/"))).isEqualTo(new Outcome.Answered(404, ""));
        assertThat(edge.edge(Call.get("foreign.example.com", 8080, "/")))
                .as("of a namespace that the server does not admit")
                .isEqualTo(new Outcome.Answered(404, ""));
    }

    @Test
    void plainTcpGoesWhereItsRuleSays() {
        assertThat(edge.edge(Call.get("", 9000, "/")))
                .isEqualTo(new Outcome.Tcp(Map.of("outbound|80||web.default.svc.cluster.local", 100)));
    }

    @Test
    void tlsIsEndedOrPassedByName() {
        assertThat(resources.listeners().get(1).getFilterChainsList())
                .extracting(FilterChain::getName)
                .containsExactly(
                        "https.443.simple.edge.default",
                        "https.443.mutual.edge.default",
                        "passthrough_pass.example.com");
        assertThat(EnvoyJson.of(resources)).contains("\"web-cert\"", "\"mutual-cert-cacert\"");
    }

    /** Nobody looks at the certificate of a client that takes up a session again: it may have ended meanwhile. */
    @Test
    void whereClientsShowACertificateNoSessionIsTakenUpAgain() throws InvalidProtocolBufferException {
        for (FilterChain chain : resources.listeners().get(1).getFilterChainsList()) {
            DownstreamTlsContext tls =
                    chain.getTransportSocket().getTypedConfig().is(DownstreamTlsContext.class)
                            ? chain.getTransportSocket().getTypedConfig().unpack(DownstreamTlsContext.class)
                            : DownstreamTlsContext.getDefaultInstance();
            boolean asked = chain.getName().equals("https.443.mutual.edge.default");
            assertThat(tls.getRequireClientCertificate().getValue()).isEqualTo(asked);
            assertThat(tls.getDisableStatelessSessionResumption()).isEqualTo(asked);
            assertThat(tls.getDisableStatefulSessionResumption()).isEqualTo(asked);
        }
    }

    @Test
    void ofTwoGatewaysForOneHostTheOlderEndsItsTls() {
        EnvoyResources both = Translator.translate(
                MeshFiles.of(two("HTTPS", "{mode: SIMPLE, credentialName: cert}")), Proxies.ingress());

        assertThat(both.listeners().getFirst().getFilterChainsList())
                .extracting(FilterChain::getName)
                .containsExactly("https.8080.all.old.web");
    }

    @Test
    void twoGatewaysOfPlaintextHttpAreServedTogether() {
        Simulator both = new Simulator(Translator.translate(MeshFiles.of(two("HTTP", "{}")), Proxies.ingress()));

        assertThat(both.edge(Call.get("old.example.com", 8080, "/"))).isEqualTo(new Outcome.Answered(403, ""));
        assertThat(both.edge(Call.get("new.example.com", 8080, "/"))).isEqualTo(new Outcome.Answered(405, ""));
        assertThat(both.edge(Call.get("both.example.com", 8080, "/"))).isEqualTo(new Outcome.Answered(403, ""));
    }

    /** The name of the older comes last. */
    private static String two(String protocol, String tls) {
        return Stream.of("2020 old web 403", "2021 new apps 405")
                .map(each -> each.split(" "))
                .map(each -> """
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: Gateway
                        metadata: {name: NAME, namespace: PLACE, creationTimestamp: "YEAR-01-01T00:00:00Z"}
                        spec:
                          selector: {istio: ingressgateway}
                          servers: [{port: {number: 8080, name: all, protocol: PROTOCOL}, hosts: ["*"], tls: TLS}]
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: NAME, namespace: PLACE}
                        spec:
                          hosts: [NAME.example.com, both.example.com]
                          gateways: [NAME]
                          http: [{directResponse: {status: STATUS}}]
                        """.replace("YEAR", each[0])
                        .replace("NAME", each[1])
                        .replace("PLACE", each[2])
                        .replace("STATUS", each[3])
                        .replace("PROTOCOL", protocol)
                        .replace("TLS", tls))
                .collect(Collectors.joining());
    }

    @Test
    void redirectsToHttps() {
        assertThat(resources.routes().stream()
                        .filter(routes -> routes.getName().equals("http.9001"))
                        .findFirst()
                        .orElseThrow()
                        .getVirtualHosts(0)
                        .getRequireTls()
                        .name())
                .isEqualTo("ALL");
    }

    @Test
    void envoyTakesIt(@TempDir Path directory) throws Exception {
        assertThat(RealEnvoy.complaint(StaticBootstrap.of(resources), directory))
                .isEmpty();
    }

    private static final String MESH = """
            apiVersion: v1
            kind: Service
            metadata: {name: istio-ingressgateway, namespace: istio-system}
            spec:
              clusterIP: 10.96.3.1
              selector: {istio: ingressgateway}
              ports: [{name: http2, port: 80, targetPort: 8080}, {name: https, port: 443, targetPort: 8443}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: default}
            spec: {clusterIP: 10.96.3.2, ports: [{name: http, port: 80}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: default}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - port: {number: 80, name: http, protocol: HTTP}
                hosts: ["./*.example.com"]
              - port: {number: 9001, name: redirect, protocol: HTTP}
                hosts: ["old.example.com"]
                tls: {httpsRedirect: true}
              - port: {number: 443, name: simple, protocol: HTTPS}
                hosts: ["web.example.com"]
                tls: {mode: SIMPLE, credentialName: web-cert}
              - port: {number: 443, name: mutual, protocol: HTTPS}
                hosts: ["mutual.example.com"]
                tls: {mode: MUTUAL, credentialName: mutual-cert, subjectAltNames: [client], minProtocolVersion: TLSV1_3}
              - port: {number: 443, name: pass, protocol: TLS}
                hosts: ["pass.example.com"]
                tls: {mode: PASSTHROUGH}
              - port: {number: 9000, name: tcp, protocol: TCP}
                hosts: ["*"]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: web, namespace: default}
            spec:
              hosts: [web.example.com, web.elsewhere.com, mutual.example.com]
              gateways: [edge]
              http:
              - route: [{destination: {host: web}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: web, namespace: foreign}
            spec:
              hosts: [foreign.example.com]
              gateways: [default/edge]
              http:
              - route: [{destination: {host: web.default.svc.cluster.local}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: layer4, namespace: default}
            spec:
              hosts: ["*"]
              gateways: [edge]
              tls:
              - match: [{port: 443, sniHosts: [pass.example.com]}]
                route: [{destination: {host: web}}]
              tcp:
              - match: [{port: 9000}]
                route: [{destination: {host: web}}]
            """;
}
