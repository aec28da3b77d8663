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
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
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
        lines = collector("opentelemetry.proto.collector.logs.v1.LogsService", LINES);
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
    void zipkinIsToldOfSpansWithTheirTags() throws Exception {
        Reply first = bench.checked(bench.get("web.test", 80, "/x").with("x-user", "ann"));
        for (int i = 1; i < SPANS; i++) {
            bench.checked(bench.get("web.test", 80, "/x").with("x-user", "ann"));
        }
        String trace = first.seenHeaders().getOrDefault("x-b3-traceid", "none");
        App collector = bench.apps().one("10.80.0.1:9411");
        String told = Waiting.until(() -> told(collector), text -> text.contains(trace));
        assertThat(told)
                .contains(trace, "\"shop\":\"books\"", "\"user\":\"ann\"", "\"pod\":\"client\"", "\"kind\":\"CLIENT\"")
                .contains("\"called\":\"web.test\"")
                .contains(
                        "\"istio.canonical_service\":\"client\"",
                        "\"istio.namespace\":\"default\"",
                        "\"istio.mesh_id\":\"unknown\"")
                .as("what the node does not say")
                .doesNotContain("istio.canonical_revision");
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
    void openTelemetryIsToldOfSpansWithTheirTags() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        Server collector = collector("opentelemetry.proto.collector.trace.v1.TraceService", told);
        try (Workbench other = bench.beside(Proxies.sidecar("other", "v1"))) {
            other.apps().one("10.80.0.2:4317").http2(collector.getPort());
            for (int i = 0; i < SPANS; i++) {
                other.checked(other.get("web.test", 80, "/otel").with("x-user", "bob"));
            }
            String all = Waiting.until(() -> String.join("", told), text -> text.contains("bob"));
            assertThat(all)
                    .contains("user", "bob", "/otel")
                    .containsPattern("service\\.name\\W+other\\b")
                    .containsPattern("service\\.namespace\\W+default\\b");
        } finally {
            collector.shutdownNow();
        }
    }

    @Test
    void datadogIsToldOfSpansWhereTheMeshNamesItsAgent() throws Exception {
        MeshSnapshot traced = MeshFiles.of("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: "defaultConfig: {tracing: {sampling: 100, datadog: {address: 'agent.test:8126'}}}"}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: agent, namespace: default}
                spec: {hosts: [agent.test], resolution: STATIC, ports: [{number: 8126, name: http, protocol: HTTP}], endpoints: [{address: 10.82.0.1}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: web, namespace: default}
                spec: {hosts: [web.test], resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], endpoints: [{address: 10.82.0.2}]}
                """);
        try (Workbench dog = Workbench.start(traced, Proxies.sidecar("client", "v1"))) {
            Reply reply = dog.checked(dog.get("web.test", 80, "/dog"));
            assertThat(reply.seenHeaders()).containsKey("x-datadog-trace-id");
            App agent = dog.apps().one("10.82.0.1:8126");
            assertThat(Waiting.until(() -> told(agent), text -> text.contains("/dog")))
                    .contains("/dog", "envoy");
            assertThat(agent.requests()).anyMatch(request -> request.line().matches("POST /v0\\.\\d+/traces .*"));
        }
    }

    @Test
    void lightstepIsToldOfSpansByOpenTelemetryAndWhose() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        List<String> tokens = new CopyOnWriteArrayList<>();
        Server collector = collector("opentelemetry.proto.collector.trace.v1.TraceService", told, tokens);
        String mesh = """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: "{SWITCH, defaultConfig: {tracing: {sampling: 100, lightstep: {address: 'light.test:4317', accessToken: mine}}}}"}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: light, namespace: default}
                spec: {hosts: [light.test], resolution: STATIC, ports: [{number: 4317, name: grpc, protocol: GRPC}], endpoints: [{address: 10.82.0.1}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: web, namespace: default}
                spec: {hosts: [web.test], resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], endpoints: [{address: 10.82.0.2}]}
                """;
        try (Workbench light = Workbench.start(
                        MeshFiles.of(mesh.replace("SWITCH", "enableTracing: true")), Proxies.sidecar("client", "v1"));
                Workbench off = Workbench.start(
                        MeshFiles.of(mesh.replace("SWITCH", "enableTracing: false")),
                        Proxies.sidecar("client", "v1"))) {
            light.apps().one("10.82.0.1:4317").http2(collector.getPort());
            assertThat(light.checked(light.get("web.test", 80, "/light")).seenHeaders())
                    .containsKey("traceparent");
            assertThat(Waiting.until(() -> String.join("", told), text -> text.contains("/light")))
                    .contains("/light");
            assertThat(tokens).contains("mine");
            assertThat(off.checked(off.get("web.test", 80, "/light")).seenHeaders())
                    .doesNotContainKey("traceparent");
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

    @Test
    void aShareOfRequestsIsTraced() throws Exception {
        try (Workbench partly = bench.beside(Proxies.sidecar("partly", "v1"))) {
            App collector = partly.apps().one("10.80.0.1:9411");
            int traced = 0;
            for (int i = 0; i < 200; i++) {
                Reply reply = partly.checked(partly.get("web.test", 80, "/partly"));
                traced += "1".equals(reply.seenHeaders().get("x-b3-sampled")) ? 1 : 0;
            }
            // Of 200 at 30 percent, fewer than 29 or more than 93 come less than once in a million runs.
            assertThat(traced).isBetween(29, 93);
            int expected = traced;
            // Envoy sends five at a time, and the rest after five seconds.
            assertThat(Waiting.until(() -> spans(collector), count -> count > expected - 5))
                    .isBetween(expected - 4, expected);
        }
    }

    private static int spans(App collector) {
        return told(collector).split("\"kind\":\"CLIENT\"", -1).length - 1;
    }

    @Test
    void spansAreNotReportedWhereATelemetryForbidsIt() throws Exception {
        try (Workbench silent = bench.beside(Proxies.sidecar("silent", "v1"))) {
            Reply reply = silent.checked(silent.get("web.test", 80, "/silent"));
            assertThat(reply.seenHeaders()).doesNotContainKey("x-b3-traceid");
            assertThat(silent.admin("/stats?filter=tracing")).doesNotContain("spans_sent");
        }
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

    // The messages as they are: what is asked of them is text.
    private static Server collector(String name, List<String> told) throws IOException {
        return collector(name, told, new CopyOnWriteArrayList<>());
    }

    /** @param tokens of Lightstep, of each call that has one */
    private static Server collector(String name, List<String> told, List<String> tokens) throws IOException {
        Metadata.Key<String> token = Metadata.Key.of("lightstep-access-token", Metadata.ASCII_STRING_MARSHALLER);
        MethodDescriptor<String, String> export = MethodDescriptor.<String, String>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(name + "/Export")
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
        BindableService service = () -> ServerServiceDefinition.builder(name)
                .addMethod(export, ServerCalls.asyncUnaryCall((request, answer) -> {
                    told.add(request);
                    answer.onNext("");
                    answer.onCompleted();
                }))
                .build();
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(service)
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        Optional.ofNullable(headers.get(token)).ifPresent(tokens::add);
                        return next.startCall(call, headers);
                    }
                })
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
