package io.flotilla.envoy.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.service.metrics.v3.MetricsServiceGrpc;
import io.envoyproxy.envoy.service.metrics.v3.StreamMetricsMessage;
import io.envoyproxy.envoy.service.metrics.v3.StreamMetricsResponse;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.api.mesh.v1alpha1.RemoteService;
import io.flotilla.fixtures.base.FreePort;
import io.flotilla.fixtures.envoy.EnvoyRun;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bootstraps that a real Envoy reads and runs. */
class BootstrapEnvoyTest {
    @TempDir
    private Path directory;

    @Test
    void envoyAcceptsBothRoles() throws Exception {
        ControlPlane controlPlane = ControlPlane.in("istio-system", identityFiles());
        StaticListeners listeners = RunningEnvoy.freeListeners();
        for (BootstrapSettings settings : List.of(
                Samples.sidecar(controlPlane, listeners, "127.0.0.1", ProxyTuning.DEFAULT),
                Samples.gateway(controlPlane, listeners))) {
            Path output = directory.resolve("validate.log");
            int status = RunningEnvoy.validate(write(settings), output);
            assertThat(status).as(Files.readString(output)).isZero();
        }
    }

    @Test
    void probesAreAnsweredWhileTheControlPlaneIsAway() throws Exception {
        HttpServer application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        application.createContext("/health", exchange -> {
            boolean deep = "deep=1".equals(exchange.getRequestURI().getQuery());
            exchange.sendResponseHeaders(deep ? 200 : 400, -1);
            exchange.close();
        });
        application.start();
        Address app = new Address("127.0.0.1", application.getAddress().getPort());
        StaticListeners free = RunningEnvoy.freeListeners();
        String every = hasIpv6() ? "::" : "0.0.0.0";
        StaticListeners listeners = new StaticListeners(
                free.admin(), free.probes(), new Address(every, free.readiness().port()), free.stats());
        Path bootstrap = write(new BootstrapSettings(
                Samples.node(ProxyRole.SIDECAR),
                nobody(),
                listeners,
                List.of(
                        new AppProbe.Http("/app-health/app/readyz", app, "/health?deep=1", false),
                        new AppProbe.Tcp(
                                "/app-health/app/livez", app, com.google.protobuf.util.Durations.fromMillis(100)),
                        new AppProbe.Tcp(
                                "/app-health/gone/livez",
                                new Address("127.0.0.1", FreePort.next()),
                                com.google.protobuf.util.Durations.fromMillis(100))),
                ProxyTuning.DEFAULT,
                Optional.empty()));
        Path output = directory.resolve("envoy.log");
        try (EnvoyRun _ = RunningEnvoy.start(bootstrap, output)) {
            await(() -> RunningEnvoy.status(listeners.probes(), "/app-health/app/readyz") == 200);
            await(() -> RunningEnvoy.status(listeners.probes(), "/app-health/app/livez") == 200);
            assertThat(RunningEnvoy.status(listeners.probes(), "/app-health/gone/livez"))
                    .isEqualTo(503);
            assertThat(RunningEnvoy.status(listeners.probes(), "/app-health/app/other"))
                    .isEqualTo(404);
            for (String host : hasIpv6() ? List.of("127.0.0.1", "::1") : List.of("127.0.0.1")) {
                Address readiness = new Address(host, listeners.readiness().port());
                assertThat(RunningEnvoy.status(readiness, "/healthz/ready"))
                        .as("ready without configuration, asked at " + host)
                        .isEqualTo(503);
            }
            assertThat(RunningEnvoy.status(listeners.stats(), "/stats/prometheus"))
                    .isEqualTo(200);
            assertThat(RunningEnvoy.status(listeners.stats(), "/quitquitquit")).isEqualTo(404);
            assertThat(encoding(listeners.stats(), "gzip")).contains("gzip");
            assertThat(encoding(listeners.stats(), "identity")).isEmpty();
        } finally {
            application.stop(0);
        }
    }

    @Test
    void statisticsGoWhereAProxyConfigSendsThem() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        Server metrics = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new MetricsServiceGrpc.MetricsServiceImplBase() {
                    @Override
                    public StreamObserver<StreamMetricsMessage> streamMetrics(
                            StreamObserver<StreamMetricsResponse> answer) {
                        return new StreamObserver<>() {
                            @Override
                            public void onNext(StreamMetricsMessage message) {
                                message.getEnvoyMetricsList().forEach(family -> told.add(family.getName()));
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
                })
                .build()
                .start();
        try (DatagramSocket statsd = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            statsd.setSoTimeout(60_000);
            ProxyConfig sinks = ProxyConfig.newBuilder()
                    .setStatsdUdpAddress("127.0.0.1:" + statsd.getLocalPort())
                    .setEnvoyMetricsService(RemoteService.newBuilder().setAddress("localhost:" + metrics.getPort()))
                    .build();
            Bootstrap bootstrap = ProxySettings.apply(
                            Bootstraps.translate(Samples.sidecar(
                                    nobody(), RunningEnvoy.freeListeners(), "127.0.0.1", ProxyTuning.DEFAULT)),
                            sinks)
                    .toBuilder()
                    .setStatsFlushInterval(com.google.protobuf.util.Durations.fromMillis(100))
                    .build();
            Path file = Files.writeString(directory.resolve("envoy-rev0.json"), BootstrapJson.compact(bootstrap));
            try (EnvoyRun _ = RunningEnvoy.start(file, directory.resolve("envoy.log"))) {
                DatagramPacket packet = new DatagramPacket(new byte[9_000], 9_000);
                statsd.receive(packet);
                assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII))
                        .startsWith("envoy.");
                assertThat(told.poll(60, TimeUnit.SECONDS)).isNotEmpty();
            }
        } finally {
            metrics.shutdownNow();
        }
    }

    private static boolean hasIpv6() {
        try (ServerSocket _ = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<String> encoding(Address stats, String accepted) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + stats.host() + ":" + stats.port() + "/stats/prometheus"))
                .header("Accept-Encoding", accepted)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("content-encoding");
        }
    }

    private ControlPlane nobody() throws IOException {
        Address closed = new Address("127.0.0.1", FreePort.next());
        return new ControlPlane(
                new ControlPlane.Server(closed, "istio-pilot.istio-system.svc"),
                Optional.of(new ControlPlane.Identity(
                        new ControlPlane.Server(closed, "istio-citadel.istio-system.svc"), identityFiles())));
    }

    private IdentityFiles identityFiles() throws IOException {
        IdentityFiles files = new IdentityFiles(directory.toString(), directory.toString(), directory.toString());
        Files.writeString(Path.of(files.tokenDescription()), files.tokenDescriptionText());
        Files.writeString(Path.of(files.rootDescription()), files.rootDescriptionText());
        Files.writeString(Path.of(files.token()), "a.b.c");
        try (var root = BootstrapEnvoyTest.class.getResourceAsStream("/bootstrap/root-cert.pem")) {
            Files.write(
                    Path.of(files.root()),
                    java.util.Objects.requireNonNull(root).readAllBytes());
        }
        return files;
    }

    private Path write(BootstrapSettings settings) throws IOException {
        return Files.writeString(
                directory.resolve("envoy-rev0.json"),
                BootstrapJson.compact(
                        ProxySettings.apply(Bootstraps.translate(settings), ProxyConfig.getDefaultInstance())));
    }

    private static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("still waiting").isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }
}
