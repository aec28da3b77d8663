package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.flotilla.config.analysis.Positions;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.explain.Explainer;
import io.flotilla.envoy.explain.Explanation;
import io.flotilla.envoy.explain.Step;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers of several kinds on one port of an edge. */
class GatewayMixtureTest {
    private static final String HTTP = "protocol: HTTP}, hosts: [web.example.com]";
    private static final String HTTPS =
            "protocol: HTTPS}, hosts: [web.example.com], tls: {mode: SIMPLE, credentialName: cert}";
    private static final String PASSED = "protocol: TLS}, hosts: [pass.example.com], tls: {mode: PASSTHROUGH}";
    private static final String TCP = "protocol: TCP}, hosts: ['*']";

    /** What the oldest Gateway wants, which comes last by name, says what the port speaks. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP  | HTTPS | TCP    | http.8080              |                             | http.8080",
                "TCP   | HTTP  | PASSED | tcp                    |                             | ''",
                "HTTPS | HTTP  | PASSED | https.8080.p.z.default | passthrough_pass.example.com | https.8080.p.z.default",
                "HTTPS | TCP   | HTTP   | https.8080.p.z.default |                             | https.8080.p.z.default"
            })
    void aPortSpeaksWhatItsOldestServerDoes(
            String first, String second, String third, String chain, String beside, String routes) {
        EnvoyResources edge = Translator.translate(mesh(first, second, third), Proxies.ingress());

        assertThat(edge.listeners().getFirst().getFilterChainsList())
                .extracting(FilterChain::getName)
                .containsExactlyElementsOf(
                        Stream.of(chain, beside).filter(name -> name != null).toList());
        assertThat(edge.routes())
                .extracting(RouteConfiguration::getName)
                .containsExactlyElementsOf(routes.isEmpty() ? List.of() : List.of(routes));
        assertThat(EnvoyJson.of(edge).contains("\"cert\"")).isEqualTo(first.equals("HTTPS"));
        assertThat(EnvoyJson.of(edge).contains("tls_inspector")).isEqualTo(first.equals("HTTPS"));
    }

    @Test
    void anAddressOfItsOwnIsAPlaceOfItsOwn() {
        EnvoyResources edge = Translator.translate(
                mesh("HTTP", "HTTPS, bind: 10.0.0.9", "HTTP, bind: 10.0.0.9", "HTTP, bind: 0.0.0.0"),
                Proxies.ingress());

        assertThat(edge.listeners())
                .extracting(
                        Listener::getName,
                        listener -> listener.getFilterChainsList().stream()
                                .map(FilterChain::getName)
                                .toList())
                .containsExactly(
                        tuple("0.0.0.0_8080", List.of("http.8080")),
                        tuple("10.0.0.9_8080", List.of("https.8080.p.y.default.10.0.0.9")));
        assertThat(edge.listeners().getLast().getAddress().getSocketAddress().getAddress())
                .isEqualTo("10.0.0.9");
        assertThat(edge.routes())
                .extracting(RouteConfiguration::getName)
                .containsExactlyInAnyOrder("http.8080", "https.8080.p.y.default.10.0.0.9");
    }

    @Test
    void explainSaysWhichServerIsLeftOut() {
        MeshSnapshot mesh = mesh("HTTP", "HTTPS", "TCP");

        Explanation way = Explainer.explain(
                mesh,
                Proxies.ingress(),
                List.of(),
                Positions.OF_OBJECTS,
                Call.get("web.example.com", 8080, "/").tls("web.example.com"));

        assertThat(way.steps())
                .filteredOn(step -> step.stage().equals("left out"))
                .extracting(Step::what)
                .containsExactly(
                        "a server of HTTPS, since Gateway default/z has HTTP on this port (FA0405)",
                        "a server of TCP, since Gateway default/z has HTTP on this port (FA0405)");
        assertThat(way.steps().getLast().what()).contains("TLS where HTTP in the clear is spoken");
    }

    private static MeshSnapshot mesh(String... servers) {
        StringBuilder text = new StringBuilder("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: web, namespace: default}
                spec:
                  hosts: ["*.example.com"]
                  gateways: [z, y, x]
                  http: [{directResponse: {status: 200}}]
                  tls: [{match: [{sniHosts: [pass.example.com]}], route: [{destination: {host: web}}]}]
                  tcp: [{route: [{destination: {host: web}}]}]
                """);
        for (int i = 0; i < servers.length; i++) {
            text.append("""
                    ---
                    apiVersion: networking.istio.io/v1
                    kind: Gateway
                    metadata: {name: NAME, namespace: default, creationTimestamp: "YEAR-01-01T00:00:00Z"}
                    spec:
                      selector: {istio: ingressgateway}
                      servers: [{port: {number: 8080, name: p, SERVER}]
                    """.replace("NAME", String.valueOf((char) ('z' - i)))
                    .replace("YEAR", String.valueOf(2020 + i))
                    .replace("SERVER", server(servers[i])));
        }
        return MeshFiles.of(text.toString());
    }

    private static String server(String kind) {
        int more = kind.indexOf(", bind");
        String kindAlone = more < 0 ? kind : kind.substring(0, more);
        String server = switch (kindAlone) {
            case "HTTP" -> HTTP;
            case "HTTPS" -> HTTPS;
            case "PASSED" -> PASSED;
            default -> TCP;
        };
        return more < 0 ? server : server + kind.substring(more);
    }
}
