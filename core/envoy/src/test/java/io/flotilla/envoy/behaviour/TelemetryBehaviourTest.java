package io.flotilla.envoy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs and traces: behaviour/telemetry.yaml. */
class TelemetryBehaviourTest {
    // Envoy's tracers send what they have after so many spans, or after five seconds.
    private static final int SPANS = 6;

    @TempDir
    private static Path folder;

    private static MeshSnapshot mesh;
    private static Workbench bench;

    @BeforeAll
    static void start() throws IOException {
        mesh = MeshFiles.of(Files.readString(Path.of("src/test/resources/behaviour/telemetry.yaml"))
                .replace("FOLDER", folder.toString()));
        bench = Workbench.start(mesh, Proxies.sidecar("client", "v1"));
    }

    @AfterAll
    static void stop() {
        if (bench != null) {
            bench.close();
        }
    }

    @Test
    void zipkinIsToldOfSpansWithTheirTags() throws Exception {
        Reply last = bench.checked(bench.get("web.test", 80, "/x").with("x-user", "ann"));
        for (int i = 1; i < SPANS; i++) {
            last = bench.checked(bench.get("web.test", 80, "/x").with("x-user", "ann"));
        }
        String trace = last.seenHeaders().getOrDefault("x-b3-traceid", "none");
        App collector = bench.apps().one("10.80.0.1:9411");
        String told = Waiting.until(() -> told(collector), text -> text.contains(trace));
        assertThat(told)
                .contains(trace, "\"shop\":\"books\"", "\"user\":\"ann\"", "\"pod\":\"client\"", "\"kind\":\"CLIENT\"");
        assertThat(collector.requests().getFirst().line()).startsWith("POST /api/v2/spans ");
    }

    private static String told(App collector) {
        StringBuilder all = new StringBuilder();
        collector.requests().forEach(request -> all.append(request.body()));
        return all.toString();
    }

    @Test
    void filesHaveTheFormatThatTheMeshGivesThem() throws Exception {
        App web = bench.apps().one("10.80.0.3:80");
        web.behave(request -> request.line().contains("/bad") ? App.Answer.status(404) : App.Answer.OK);
        bench.checked(bench.get("web.test", 80, "/good"));
        bench.checked(bench.get("web.test", 80, "/bad"));
        String text = Waiting.until(() -> read("text.log"), log -> log.contains("/bad"));
        assertThat(text.lines()).contains("GET /good 200 web.test", "GET /bad 404 web.test");
        String json = Waiting.until(() -> read("json.log"), log -> log.contains("/bad"));
        assertThat(json).contains("\"path\":\"/bad\"", "\"code\":404").doesNotContain("/good");
    }

    private static String read(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    @Test
    void openTelemetryIsToldOfSpansWithTheirTags() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        Server collector = collector(told);
        try (Workbench other = bench.beside(Proxies.sidecar("other", "v1"))) {
            other.apps().one("10.80.0.2:4317").http2(collector.getPort());
            for (int i = 0; i < SPANS; i++) {
                other.checked(other.get("web.test", 80, "/otel").with("x-user", "bob"));
            }
            String all = Waiting.until(() -> String.join("", told), text -> text.contains("bob"));
            assertThat(all).contains("user", "bob", "/otel");
        } finally {
            collector.shutdownNow();
        }
    }

    @Test
    void nothingIsTracedWhereNothingIsSampled() throws Exception {
        try (Workbench quiet = bench.beside(Proxies.sidecar("quiet", "v1"))) {
            for (int i = 0; i < SPANS; i++) {
                Reply reply = quiet.checked(quiet.get("web.test", 80, "/quiet"));
                assertThat(reply.seenHeaders()).containsEntry("x-b3-sampled", "0");
            }
            assertThat(quiet.stat("tracing.zipkin.spans_sent")).isZero();
        }
    }

    // The messages as they are: what is asked of them is text.
    private static Server collector(List<String> told) throws IOException {
        MethodDescriptor<String, String> export = MethodDescriptor.<String, String>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Export")
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
        BindableService service =
                () -> ServerServiceDefinition.builder("opentelemetry.proto.collector.trace.v1.TraceService")
                        .addMethod(export, ServerCalls.asyncUnaryCall((request, answer) -> {
                            told.add(request);
                            answer.onNext("");
                            answer.onCompleted();
                        }))
                        .build();
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(service)
                .build()
                .start();
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
