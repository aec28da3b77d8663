package io.flotilla.envoy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Keys;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes in at an edge: behaviour/edge.yaml. */
class EdgeBehaviourTest {
    private static Workbench bench;

    @BeforeAll
    static void start() throws IOException {
        bench = Workbench.start(MeshFiles.files(Path.of("src/test/resources/behaviour/edge.yaml")), Proxies.ingress());
    }

    @AfterAll
    static void stop() {
        if (bench != null) {
            bench.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "redirect.example.com, /x?y=1, 301, https://redirect.example.com/x?y=1",
        "redirect.example.com, /old, 301, https://redirect.example.com/old",
        "plain.example.com, /old, 301, http://plain.example.com/new",
        "plain.example.com, /x, 200, ''",
        "plain.example.com:80, /second/x, 200, ''",
        "a.two.example.com, /second, 200, ''",
        "a.two.example.com, /x, 404, ''",
        "two.example.com, /second, 404, ''",
        "simple.example.com, /, 404, ''",
        "mesh.example.com, /second, 404, ''",
    })
    void plaintextIsServedOrRedirected(String host, String path, int status, String location) throws IOException {
        Reply reply = bench.checkedEntry(Call.get(host, 8080, path));
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.headers().getOrDefault("location", "")).isEqualTo(location);
        assertThat(reply.app()).isEqualTo(status == 200 ? "web-0" : "");
    }

    @ParameterizedTest
    @CsvSource({
        "simple.example.com, simple.example.com, /x, 200, /x",
        "redirect.example.com, redirect.example.com, /x, 200, /x",
        "mutual.example.com, mutual.example.com, /x, 200, /x",
        "mesh.example.com, mesh.example.com, /second, 200, /rewritten",
        "mesh.example.com, mesh.example.com, /x, 404, ''",
        "a.wide.example.com, a.wide.example.com, /second/x, 200, /rewritten/x",
        "a.wide.example.com, b.wide.example.com, /second/x, 200, /rewritten/x",
        "simple.example.com, mutual.example.com, /x, 404, ''",
    })
    void tlsIsEndedByServerName(String sni, String host, String path, int status, String seen) throws IOException {
        Reply reply = bench.checkedEntry(Call.get(host, 8443, path).tls(sni));
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.seenPath()).isEqualTo(seen);
        if (status == 200) {
            assertThat(reply.seenHeaders())
                    .containsEntry("x-forwarded-proto", "https")
                    .containsEntry("sni", "");
        }
    }

    @Test
    void onlyMutualServersTellWhoTheClientIs() throws IOException {
        assertThat(bench.checkedEntry(Call.get("mutual.example.com", 8443, "/").tls("mutual.example.com"))
                        .seenHeaders()
                        .get("x-forwarded-client-cert"))
                .contains("URI=spiffe://cluster.local/ns/default/sa/client");
        assertThat(bench.anonymous(8443, "simple.example.com")).isEqualTo("answered");
        assertThat(bench.anonymous(8443, "mutual.example.com")).isEqualTo("refused");
        assertThat(bench.anonymous(8443, "mesh.example.com")).isEqualTo("refused");
        assertThat(bench.anonymous(8443, "unknown.example.com")).isEqualTo("refused");
    }

    @Test
    void clientsAreCheckedByTheAuthorityThatStandsBesideACertificate(@TempDir Path folder) throws IOException {
        Keys keys = new Keys();
        Keys.Pair pair = keys.issue(List.of(), List.of("beside.example.com"));
        Files.writeString(folder.resolve("c.pem"), pair.certificatePem() + keys.rootPem());
        Files.writeString(folder.resolve("k.pem"), pair.keyPem());
        Files.writeString(folder.resolve("ca.pem"), keys.rootPem());
        String mesh = """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: beside, namespace: istio-system}
                spec:
                  selector: {istio: ingressgateway}
                  servers:
                  - port: {number: 8443, name: a, protocol: HTTPS}
                    hosts: [beside.example.com]
                    tls: {mode: MUTUAL, tlsCertificates: [{serverCertificate: F/c.pem, privateKey: F/k.pem, caCertificates: F/ca.pem}]}
                  - port: {number: 8443, name: c, protocol: HTTPS}
                    hosts: [any.example.com]
                    tls: {mode: MUTUAL, serverCertificate: F/c.pem, privateKey: F/k.pem, insecureSkipVerify: true}
                  - port: {number: 8443, name: b, protocol: HTTPS}
                    hosts: [nobody.example.com]
                    tls: {mode: OPTIONAL_MUTUAL, serverCertificate: F/c.pem, privateKey: F/k.pem}
                """;
        try (Workbench other =
                Workbench.start(MeshFiles.of(mesh.replace("F/", folder + "/")), Proxies.ingress(), keys)) {
            assertThat(other.anonymous(8443, "beside.example.com")).isEqualTo("refused");
            assertThat(other.checkedEntry(
                                    Call.get("beside.example.com", 8443, "/").tls("beside.example.com"))
                            .status())
                    .isEqualTo(404);
            assertThat(other.anonymous(8443, "any.example.com")).isEqualTo("refused");
            assertThat(other.checkedEntry(Call.get("any.example.com", 8443, "/").tls("any.example.com"))
                            .status())
                    .as("any certificate does")
                    .isEqualTo(404);
            assertThat(other.anonymous(8443, "nobody.example.com")).isEqualTo("answered");
        }
    }

    @ParameterizedTest
    @CsvSource({"2020, 2021, 404, refused", "2021, 2020, cut off, answered"})
    void aPortSpeaksWhatItsOldestServerDoes(int plain, int tls, String answer, String handshake) throws IOException {
        String mesh = """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: plain, namespace: default, creationTimestamp: "PLAIN-01-01T00:00:00Z"}
                spec:
                  selector: {istio: ingressgateway}
                  servers: [{port: {number: 8443, name: p, protocol: HTTP}, hosts: [web.example.com]}]
                ---
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: tls, namespace: default, creationTimestamp: "TLS-01-01T00:00:00Z"}
                spec:
                  selector: {istio: ingressgateway}
                  servers:
                  - {port: {number: 8443, name: p, protocol: HTTPS}, hosts: [web.example.com], tls: {mode: SIMPLE, credentialName: web}}
                """;
        try (Workbench other = Workbench.start(
                MeshFiles.of(mesh.replace("PLAIN", "" + plain).replace("TLS", "" + tls)), Proxies.ingress())) {
            assertThat(plaintext(other)).isEqualTo(answer);
            assertThat(other.anonymous(8443, "web.example.com")).isEqualTo(handshake);
        }
    }

    private static String plaintext(Workbench bench) throws IOException {
        try {
            return String.valueOf(
                    bench.checkedEntry(Call.get("web.example.com", 8443, "/")).status());
        } catch (SocketException e) {
            return "cut off";
        }
    }

    @Test
    void tlsPassesByServerName() throws IOException {
        assertThat(bench.toldAtEdge(Call.get("", 8443, "").method("").tls("pass.example.com"), "hello"))
                .isEqualTo("web-0 heard hello as pass.example.com");
        assertThat(bench.toldAtEdge(Call.get("", 8443, "").method("").tls("x.pass.example.com"), "hello"))
                .isEqualTo("web-0 heard hello as x.pass.example.com");
        assertThat(bench.lastTo("outbound|9000||web.default.svc.cluster.local").chain())
                .isEqualTo("passthrough_*.pass.example.com");
    }

    @Test
    void tcpIsServedAndTlsEndedAroundIt() throws IOException {
        assertThat(bench.toldAtEdge(Call.get("", 9000, "").method(""), "hello")).isEqualTo("web-0 heard hello");
        assertThat(bench.toldAtEdge(Call.get("", 9443, "").method("").tls("ended.example.com"), "hello"))
                .isEqualTo("web-0 heard hello");
    }
}
