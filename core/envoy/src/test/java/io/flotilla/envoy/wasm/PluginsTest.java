package io.flotilla.envoy.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.Translator;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real module in a real Envoy: it marks requests with its own configuration. */
class PluginsTest {
    private static final Path BOOKINFO =
            Path.of(System.getProperty("flotilla.root"), "samples/bookinfo/kube/bookinfo.yaml");
    private static final Call CALL = Call.get("reviews", 9080, "/x").to("10.44.0.9");
    private static final long FETCH_NANOS = 60_000_000_000L;
    private static final String MARKED_ALONE = """
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: marked}
            spec:
              selector: {matchLabels: {app: reviews}}
              rules: [{when: [{key: "request.headers[x-wasm]", values: ["*"]}]}]
            """;

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path module;

    private static String plugin(String name, String url, String rest) {
        return """
                ---
                apiVersion: extensions.istio.io/v1alpha1
                kind: WasmPlugin
                metadata: {name: %1$s}
                spec:
                  selector: {matchLabels: {app: reviews}}
                  url: %2$s
                  pluginConfig: {name: %1$s}
                  vmConfig: {env: [{name: PLUGIN, value: %1$s}]}
                %3$s
                """.formatted(name, url, rest.indent(2).stripTrailing());
    }

    private String fromFile(String name, String rest) throws IOException {
        module = Files.write(folder.resolve("mark.wasm"), MarkingModule.adding("x-wasm"));
        return plugin(name, "file://" + module, rest);
    }

    private static Workbench reviews(String yaml) throws IOException {
        return Workbench.start(MeshFiles.of(yaml, BOOKINFO), Proxies.sidecar("reviews", "v1"));
    }

    private static List<String> marks(Reply reply) {
        return reply.body()
                .lines()
                .filter(line -> line.startsWith("x-wasm: "))
                .flatMap(line -> Stream.of(line.substring("x-wasm: ".length()).split(",")))
                .toList();
    }

    @Test
    void phasesAndPrioritiesOrderThem() throws IOException {
        String yaml = fromFile("behind", "priority: 7")
                + fromFile("stats", "phase: STATS")
                + fromFile("second", "phase: AUTHZ")
                + fromFile("first", "phase: AUTHZ\npriority: 9")
                + fromFile("front", "phase: AUTHN")
                + fromFile("callers", "phase: AUTHN\nmatch: [{mode: CLIENT}]")
                + fromFile("elsewhere", "phase: AUTHN\nmatch: [{ports: [{number: 1}]}]");
        try (Workbench bench = reviews(yaml)) {
            assertThat(marks(bench.receive(CALL)))
                    .containsExactly(
                            "{\"name\":\"front\"}",
                            "{\"name\":\"first\"}",
                            "{\"name\":\"second\"}",
                            "{\"name\":\"stats\"}",
                            "{\"name\":\"behind\"}");
            assertThat(marks(bench.send(bench.get("ratings", 9080, "/"))))
                    .contains("{\"name\":\"callers\"}")
                    .doesNotContain("{\"name\":\"elsewhere\"}");
        }
    }

    @Test
    void policiesSeeWhatAnEarlierPhaseDid() throws IOException {
        try (Workbench bench = reviews(fromFile("mark", "phase: AUTHZ") + MARKED_ALONE)) {
            assertThat(bench.receive(CALL).status()).isEqualTo(200);
        }
        try (Workbench bench = reviews(fromFile("mark", "phase: STATS") + MARKED_ALONE)) {
            assertThat(bench.receive(CALL).status()).isEqualTo(403);
        }
    }

    @Test
    void anImageCannotBeFetchedSoThatItsFailStrategyHolds() throws IOException {
        String image = "registry.example.com/mark:v1";
        try (Workbench bench = reviews(plugin("mark", image, "phase: AUTHZ"))) {
            assertThat(bench.receive(CALL).status()).isEqualTo(403);
        }
        try (Workbench bench = reviews(plugin("mark", image, "failStrategy: FAIL_OPEN"))) {
            assertThat(bench.receive(CALL).status()).isEqualTo(200);
        }
        MeshSnapshot mesh = MeshFiles.of(plugin("mark", image, "phase: AUTHZ"), BOOKINFO);
        assertThat(Translator.translate(mesh, Proxies.sidecar("reviews", "v1"))
                        .notes()
                        .problems())
                .singleElement()
                .hasToString(
                        "WasmPlugin default/mark: spec.url: \"registry.example.com/mark:v1\" is an image, which Envoy "
                                + "cannot fetch; put the module into the proxy's file system and name it by file://, "
                                + "or serve it by HTTP and give its sha256; until then what it stands before is refused "
                                + "(failStrategy FAIL_CLOSE)");
    }

    @Test
    void aModuleIsFetchedByHttp() throws IOException, NoSuchAlgorithmException {
        byte[] bytes = MarkingModule.adding("x-wasm");
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/mark.wasm", exchange -> {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/mark.wasm";
        try (Workbench bench = reviews(plugin("mark", url, "sha256: " + sha256))) {
            // Until the module has come, requests are refused.
            Reply reply = bench.receive(CALL);
            long end = System.nanoTime() + FETCH_NANOS;
            while (reply.status() != 200 && System.nanoTime() < end) {
                assertThat(marks(reply)).isEmpty();
                LockSupport.parkNanos(10_000_000);
                reply = bench.receive(CALL);
            }
            assertThat(marks(reply)).containsExactly("{\"name\":\"mark\"}");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void connectionsAreRefusedWhereTheirPluginCannotBeHad() throws IOException {
        String image = "registry.example.com/mark:v1";
        try (Workbench bench = reviews(plugin("mark", image, "type: NETWORK"));
                Socket socket = bench.accept(CALL.to())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }
}
