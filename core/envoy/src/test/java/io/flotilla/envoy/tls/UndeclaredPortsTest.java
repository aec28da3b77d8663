package io.flotilla.envoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Workbench;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ports that no service has, or that a Sidecar leaves out, have their mode too; with a real Envoy. */
class UndeclaredPortsTest {
    private static final Path SERVER =
            Path.of(System.getProperty("flotilla.root"), "core/envoy/src/test/resources/authz/server.yaml");

    private final ServerSocket application = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());

    UndeclaredPortsTest() throws IOException {
        Thread.ofVirtual().start(() -> {
            while (!application.isClosed()) {
                try (Socket socket = application.accept();
                        BufferedReader lines = new BufferedReader(
                                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
                    String line = lines.readLine();
                    socket.getOutputStream().write(("heard " + line + "\n").getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // Closed, or the proxy has let nobody through.
                }
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        application.close();
    }

    private Workbench start(String mode, String port, String more) throws IOException {
        return Workbench.start(
                MeshFiles.of("""
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: {name: modes}
                spec:
                  selector: {matchLabels: {app: server}}
                  mtls: {mode: %s}
                  portLevelMtls: {%d: {mode: %s}}
                %s
                """.formatted(mode, application.getLocalPort(), port, more), SERVER),
                Proxies.sidecar("server", "v1"));
    }

    private String plain(Workbench bench) {
        return plain(bench, to());
    }

    private static String plain(Workbench bench, Call.To to) {
        try (Socket socket = bench.accept(to)) {
            return said(socket);
        } catch (IOException e) {
            return "";
        }
    }

    private String member(Workbench bench) throws IOException {
        try (Socket plain = bench.accept(to());
                Socket socket = Stranger.tls(
                        plain,
                        bench.keys().issue(List.of("spiffe://cluster.local/ns/default/sa/client"), List.of()),
                        MeshTls.offerTcp())) {
            return said(socket);
        }
    }

    private Call.To to() {
        return new Call.To("127.0.0.1", application.getLocalPort(), "", "10.44.0.7");
    }

    private static String said(Socket socket) throws IOException {
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
        byte[] answer = socket.getInputStream().readNBytes("heard hello".length());
        return new String(answer, StandardCharsets.US_ASCII);
    }

    @Test
    void strictHoldsWhereNoServiceHasThePort() throws IOException {
        try (Workbench bench = start("PERMISSIVE", "STRICT", "")) {
            assertThat(plain(bench)).isEmpty();
            assertThat(member(bench)).isEqualTo("heard hello");
        }
    }

    @Test
    void aPortIsTakenOutOfStrictAlone() throws IOException {
        try (Workbench bench = start("STRICT", "DISABLE", "")) {
            assertThat(plain(bench)).isEqualTo("heard hello");
            assertThat(plain(bench, new Call.To("127.0.0.1", 8080, "", "10.44.0.7")))
                    .as("the others are strict")
                    .isEmpty();
        }
    }

    @Test
    void strictHoldsForAPortThatASidecarLeavesOut() throws IOException {
        String sidecar = """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: hidden}
                spec: {selector: {app: server}, ports: [{name: tcp, port: 90, targetPort: %d}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: server}
                spec:
                  workloadSelector: {labels: {app: server}}
                  ingress: [{port: {number: 8080, name: http, protocol: HTTP}, defaultEndpoint: "127.0.0.1:8080"}]
                """.formatted(application.getLocalPort());
        try (Workbench bench = start("PERMISSIVE", "STRICT", sidecar)) {
            assertThat(plain(bench)).isEmpty();
            assertThat(member(bench)).isEqualTo("heard hello");
        }
    }
}
