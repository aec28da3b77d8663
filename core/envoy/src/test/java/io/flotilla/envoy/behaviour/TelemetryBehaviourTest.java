package io.flotilla.envoy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Workbench;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs: behaviour/telemetry.yaml. */
class TelemetryBehaviourTest {
    @TempDir
    private static Path folder;

    private static final List<HTTPAccessLogEntry> MIXER = new CopyOnWriteArrayList<>();
    private static final List<StreamAccessLogsMessage> ASKED = new CopyOnWriteArrayList<>();
    private static final List<String> LINES = new CopyOnWriteArrayList<>();
    private static Server mixer;
    private static Server asked;
    private static Server lines;
    private static MeshSnapshot mesh;
    private static Workbench bench;

    @BeforeAll
    static void start() throws IOException {
        mesh = MeshFiles.of(Files.readString(Path.of("src/test/resources/behaviour/telemetry.yaml"))
                .replace("FOLDER", folder.toString()));
        mixer = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new AccessLogs(
                        message -> MIXER.addAll(message.getHttpLogs().getLogEntryList())))
                .build()
                .start();
        asked = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new AccessLogs(ASKED::add))
                .build()
                .start();
        lines = Collector.of("opentelemetry.proto.collector.logs.v1.LogsService", LINES);
        bench = Workbench.start(mesh, Proxies.sidecar("client", "v1"));
        bench.apps().one("10.80.0.4:9091").http2(mixer.getPort());
        bench.apps().one("10.80.0.5:9092").http2(asked.getPort());
        bench.apps().one("10.80.0.6:4317").http2(lines.getPort());
    }

    @AfterAll
    static void stop() {
        if (bench != null) {
            bench.close();
        }
        for (Server each : new Server[] {mixer, asked, lines}) {
            if (each != null) {
                each.shutdownNow();
            }
        }
    }

    @Test
    void filesHaveTheFormatThatTheMeshGivesThem() throws Exception {
        App web = bench.apps().one("10.80.0.3:80");
        web.behave(request -> request.line().contains("/bad") ? App.Answer.status(404) : App.Answer.OK);
        bench.checked(bench.get("web.test", 80, "/good"));
        bench.checked(bench.get("web.test", 80, "/bad"));
        String text = Waiting.until(() -> read("text.log"), log -> log.contains("GET /bad"));
        assertThat(text.lines()).contains("GET /good 200 web.test", "GET /bad 404 web.test");
        String json = Waiting.until(() -> read("json.log"), log -> log.contains("\"/bad\""));
        assertThat(json).contains("\"path\":\"/bad\"", "\"code\":404").doesNotContain("/good");
    }

    @Test
    void servicesGetTheLogsThatTheMeshGivesThem() throws Exception {
        Call request = bench.get("web.test", 80, "/asked").with("x-user", "ann");
        // Envoy drops the entries of a log whose stream does not stand yet: it is asked until one came.
        String entry = Waiting.until(
                () -> {
                    bench.checked(request);
                    return entries("requests");
                },
                text -> text.contains("/asked"));
        assertThat(entry).contains("/asked", "x-user", "ann");
        Call line = ConnectionsBehaviourTest.connection("10.81.0.1", 9000);
        String connection = Waiting.until(
                () -> {
                    bench.told(line, "hello");
                    return entries("connections");
                },
                text -> text.contains("10.81.0.1"));
        assertThat(connection).contains("10.81.0.1");
        assertThat(Waiting.until(() -> String.join("", LINES), text -> text.contains("/asked of web.test")))
                .contains("GET /asked of web.test");
    }

    @Test
    void connectionsThatNoChainOfAListenerTakesAreLogged() throws Exception {
        try (Workbench guarded = bench.beside(Proxies.sidecar("guarded", "v1"))) {
            Call plain = ConnectionsBehaviourTest.connection("10.44.0.9", 7777);
            assertThat(guarded.heard(plain.to(), "hello")).isEmpty();
            assertThat(Waiting.until(() -> read("ends.log"), log -> log.contains(":7777")))
                    .isEqualToIgnoringNewLines("NR 10.44.0.9:7777");
        }
    }

    /** What came for the log of that name, as text. */
    private static String entries(String log) {
        StringBuilder all = new StringBuilder();
        String current = "";
        for (StreamAccessLogsMessage message : ASKED) {
            current = message.hasIdentifier() ? message.getIdentifier().getLogName() : current;
            if (log.equals("requests") == message.hasHttpLogs()) {
                all.append(message);
            }
            assertThat(current).isIn("requests", "connections");
        }
        return all.toString();
    }

    private static String read(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    @Test
    void theLogTellsMixerHowRequestsCount() throws Exception {
        bench.apps()
                .one("10.80.0.3:80")
                .behave(request -> request.line().contains("/bad") ? App.Answer.status(404) : App.Answer.OK);
        Call counted = bench.get("web.test", 80, "/counted");
        Call bad = bench.get("web.test", 80, "/counted/bad").method("PUT");
        bench.checked(counted);
        bench.checked(bad);
        Map<String, String> usual = Map.of(
                "flotilla.metrics/off",
                "REQUEST_SIZE",
                "flotilla.metrics/drop/response_flags",
                "REQUEST_COUNT",
                "flotilla.metrics/set",
                "REQUEST_COUNT,REQUEST_DURATION,RESPONSE_SIZE/nothing;"
                        + "REQUEST_COUNT,REQUEST_DURATION,RESPONSE_SIZE/path_size;"
                        + "REQUEST_COUNT/answered;REQUEST_COUNT/request_method");
        assertThat(tags(counted))
                .containsAllEntriesOf(usual)
                .containsEntry("flotilla.metrics/set/REQUEST_COUNT/request_method", "GET")
                .containsEntry("flotilla.metrics/set/REQUEST_COUNT/answered", "well")
                .containsEntry("flotilla.metrics/set/REQUEST_COUNT,REQUEST_DURATION,RESPONSE_SIZE/path_size", "8")
                .hasSize(6);
        assertThat(tags(bad))
                .containsAllEntriesOf(usual)
                .containsEntry("flotilla.metrics/set/REQUEST_COUNT/request_method", "PUT")
                .containsEntry("flotilla.metrics/set/REQUEST_COUNT/answered", "badly");
    }

    // Envoy drops the entries of a log whose stream does not stand yet: it is asked until one came.
    private static Map<String, String> tags(Call call) throws Exception {
        Optional<HTTPAccessLogEntry> entry = Waiting.until(
                () -> {
                    bench.send(call);
                    return MIXER.stream()
                            .filter(each -> each.getRequest().getPath().equals(call.path()))
                            .findFirst();
                },
                Optional::isPresent);
        return entry.orElseThrow().getCommonProperties().getCustomTagsMap();
    }

    private static final class AccessLogs extends AccessLogServiceGrpc.AccessLogServiceImplBase {
        private final Consumer<StreamAccessLogsMessage> taker;

        AccessLogs(Consumer<StreamAccessLogsMessage> taker) {
            this.taker = taker;
        }

        @Override
        public StreamObserver<StreamAccessLogsMessage> streamAccessLogs(
                StreamObserver<StreamAccessLogsResponse> answer) {
            return new StreamObserver<>() {
                @Override
                public void onNext(StreamAccessLogsMessage message) {
                    taker.accept(message);
                }

                @Override
                public void onError(Throwable problem) {
                    // Envoy is gone.
                }

                @Override
                public void onCompleted() {
                    answer.onCompleted();
                }
            };
        }
    }
}
