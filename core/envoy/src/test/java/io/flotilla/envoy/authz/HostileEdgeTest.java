package io.flotilla.envoy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Clients of an edge that mean no good, at a real Envoy: each of them is stopped, and others are served. */
class HostileEdgeTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("flotilla.root"), "core/envoy/src/test/resources/authz");
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int CANCEL = 8;

    private static Workbench start(String defaults, String more) throws IOException {
        return Workbench.start(
                MeshFiles.of("""
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: istio, namespace: istio-system}
                        data: {mesh: "defaultConfig: {%s}"}
                        %s
                        """.formatted(defaults, more), FOLDER.resolve("server.yaml"), FOLDER.resolve("edge.yaml")),
                Proxies.ingress());
    }

    private static int status(Workbench bench, String line, String... headers) throws IOException {
        try (Socket socket = bench.edge(80)) {
            String answer = Raw.send(socket, line, headers);
            return answer.isEmpty() ? 0 : Integer.parseInt(answer.substring(9, 12));
        }
    }

    @Test
    void headersThatConfuseOrFloodAreRefused() throws IOException {
        try (Workbench bench = start("", "")) {
            assertThat(status(bench, "GET / HTTP/1.1", "x-user: me")).isEqualTo(200);
            assertThat(status(bench, "GET / HTTP/1.1", "x_user: forged"))
                    .as("a name that some servers take for another")
                    .isEqualTo(400);
            String[] many =
                    IntStream.range(0, 150).mapToObj(i -> "x-h" + i + ": v").toArray(String[]::new);
            assertThat(status(bench, "GET / HTTP/1.1", many)).as("many").isEqualTo(431);
            assertThat(status(bench, "GET / HTTP/1.1", "x-long: " + "v".repeat(70_000)))
                    .as("long")
                    .isEqualTo(431);
            assertThat(status(bench, "GET / HTTP/1.1", "content-length: 5", "transfer-encoding: chunked"))
                    .as("two lengths")
                    .isEqualTo(400);
            assertThat(bench.enter(Call.get("shop.example.com", 80, "/")).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void connectionsOfHttp2AreBounded() throws IOException {
        try (Workbench bench = start("", "")) {
            try (Http2Client client = new Http2Client(bench.edge(80))) {
                assertThat(client.settings())
                        .containsEntry(MAX_CONCURRENT_STREAMS, 100)
                        .containsEntry(INITIAL_WINDOW_SIZE, 65_536);
            }
            try (Http2Client client = new Http2Client(bench.edge(80))) {
                for (int stream = 1; stream < 4_000; stream += 2) {
                    client.add(
                            Http2Client.HEADERS,
                            Http2Client.END_STREAM | Http2Client.END_HEADERS,
                            stream,
                            Http2Client.get("shop.example.com"));
                    client.add(Http2Client.RST_STREAM, 0, stream, new byte[] {0, 0, 0, CANCEL});
                }
                client.flush();
                assertThat(client.isEnded())
                        .as("streams that are reset at once")
                        .isTrue();
            }
            assertThat(bench.admin("/stats?filter=too_many_premature_resets")).contains(": 1");
            try (Http2Client client = new Http2Client(bench.edge(80))) {
                client.add(Http2Client.HEADERS, 0, 1, Http2Client.get("shop.example.com"));
                for (int i = 0; i < 2_000; i++) {
                    client.add(Http2Client.CONTINUATION, 0, 1, new byte[0]);
                }
                client.flush();
                assertThat(client.isEnded()).as("headers without end").isTrue();
            }
            assertThat(bench.enter(Call.get("shop.example.com", 80, "/")).status())
                    .as("others")
                    .isEqualTo(200);
        }
    }

    @Test
    void whoeverDawdlesIsToldSo() throws IOException {
        try (Workbench bench = start(
                "connectionSettings: {httpRequestHeadersTimeout: 2s, httpStreamIdleTimeout: 2s,"
                        + " httpPathWithEscapedSlashesAction: REJECT_REQUEST,"
                        + " httpHeadersWithUnderscoresAction: HEADERS_WITH_UNDERSCORES_ALLOW}",
                "")) {
            try (Socket socket = bench.edge(80)) {
                socket.setSoTimeout(60_000);
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nhost: shop.example.com\r\nx-slow: "
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 408");
            }
            assertThat(status(bench, "POST / HTTP/1.1", "content-length: 10"))
                    .as("a body that does not come")
                    .isEqualTo(408);
            assertThat(status(bench, "GET /a%2Fb HTTP/1.1")).isEqualTo(400);
            assertThat(status(bench, "GET / HTTP/1.1", "x_user: me"))
                    .as("where it is told to let them in")
                    .isEqualTo(200);
        }
    }

    @Test
    void anAddressIsBelievedOnlyOfTrustedProxies() throws IOException {
        String policy = """
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: office, namespace: istio-system}
                spec:
                  selector: {matchLabels: {istio: ingressgateway}}
                  rules: [{from: [{source: {remoteIpBlocks: [192.0.2.0/24]}}]}]
                """;
        String forged = "x-forwarded-for: 192.0.2.7";
        try (Workbench bench = start("", policy)) {
            assertThat(status(bench, "GET / HTTP/1.1", forged)).isEqualTo(403);
            assertThat(status(bench, "GET / HTTP/1.1", "x-envoy-external-address: 192.0.2.7", "x-real-ip: 192.0.2.7"))
                    .isEqualTo(403);
        }
        try (Workbench bench = start("gatewayTopology: {numTrustedProxies: 1}", policy)) {
            assertThat(status(bench, "GET / HTTP/1.1", forged)).isEqualTo(200);
            assertThat(status(bench, "GET / HTTP/1.1", forged + ", 203.0.113.9"))
                    .as("the proxy saw another, which told this")
                    .isEqualTo(403);
            assertThat(status(bench, "GET / HTTP/1.1", forged, "x-forwarded-for: 203.0.113.9"))
                    .as("in two lines")
                    .isEqualTo(403);
        }
    }
}
