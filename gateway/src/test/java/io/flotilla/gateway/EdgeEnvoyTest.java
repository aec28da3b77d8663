package io.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.sun.net.httpserver.HttpServer;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.flotilla.envoy.bootstrap.Address;
import io.flotilla.envoy.bootstrap.BootstrapJson;
import io.flotilla.envoy.bootstrap.BootstrapSettings;
import io.flotilla.envoy.bootstrap.Bootstraps;
import io.flotilla.envoy.bootstrap.ControlPlane;
import io.flotilla.envoy.bootstrap.EdgeSecrets.Socket;
import io.flotilla.envoy.bootstrap.InterceptionMode;
import io.flotilla.envoy.bootstrap.ProxyNode;
import io.flotilla.envoy.bootstrap.ProxyRole;
import io.flotilla.envoy.bootstrap.ProxyTuning;
import io.flotilla.envoy.bootstrap.SdsConfig;
import io.flotilla.envoy.bootstrap.StaticListeners;
import io.flotilla.fixtures.envoy.EnvoyBinary;
import io.flotilla.fixtures.tls.TrustAnybody;
import io.flotilla.gateway.process.Drain;
import io.flotilla.gateway.process.EnvoyAdmin;
import io.flotilla.gateway.process.EnvoyCommand;
import io.flotilla.gateway.process.EnvoySupervisor;
import io.flotilla.gateway.process.RestartPolicy;
import io.flotilla.gateway.secret.EdgeSecretServer;
import io.flotilla.gateway.secret.EdgeSecrets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An edge Envoy with a listener as Pilot would give it: certificates of the edge, and the drain. */
class EdgeEnvoyTest {
    private final StaticListeners listeners =
            new StaticListeners(TestEnvoy.free(), TestEnvoy.free(), TestEnvoy.free(), TestEnvoy.free());
    private final Address edge = TestEnvoy.free();

    @TempDir
    private Path directory;

    private Optional<EnvoySupervisor> envoy = Optional.empty();

    @AfterEach
    void stop() {
        envoy.ifPresent(supervisor -> supervisor.stop(Duration.ofSeconds(5)));
    }

    @Test
    void certificateIsServedAndReplacedWithoutRestart() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("secrets/bookinfo"));
        place(folder, "first");
        EdgeSecrets secrets = new EdgeSecrets(Optional.of(directory.resolve("secrets")), "istio-system", 1);
        secrets.reload();
        try (EdgeSecretServer _ = EdgeSecretServer.start(directory.resolve("sds.sock"), secrets.source())) {
            Listener listener = route("admin-like", "/ready");
            Listener.Builder tls = listener.toBuilder();
            tls.getFilterChainsBuilder(0).setTransportSocket(edgeTls());
            start(tls.build());
            TestEnvoy.await("the first certificate", () -> shown().equals(Optional.of("CN=first")));
            place(folder, "second");
            secrets.reload();
            TestEnvoy.await("the second certificate", () -> shown().equals(Optional.of("CN=second")));
        }
        assertThat(shown()).as("while the gateway service is away").contains("CN=second");
    }

    @Test
    void requestsUnderWayEndBeforeTheDrainDoes() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        HttpServer slow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        slow.createContext("/", exchange -> {
            asked.countDown();
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        slow.start();
        try (EnvoyAdmin admin = new EnvoyAdmin(listeners.admin(), listeners.readiness());
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            start(forward(slow.getAddress().getPort()));
            TestEnvoy.await("the edge", () -> listening());
            CompletableFuture<HttpResponse<Void>> request = client.sendAsync(
                    HttpRequest.newBuilder(URI.create("http://" + edge + "/")).build(),
                    HttpResponse.BodyHandlers.discarding());
            asked.await();
            CompletableFuture<Long> drained = CompletableFuture.supplyAsync(
                    () -> new Drain(Duration.ofMillis(300), Duration.ofSeconds(60)).run(admin));
            assertThat(drained.copy()
                            .completeOnTimeout(-1L, 1500, java.util.concurrent.TimeUnit.MILLISECONDS)
                            .join())
                    .as("drain while a request is under way")
                    .isEqualTo(-1L);
            answer.countDown();
            assertThat(request.join().statusCode()).isEqualTo(200);
            assertThat(drained.join()).isZero();
            assertThat(admin.ready()).isFalse();
        } finally {
            slow.stop(0);
        }
    }

    @Test
    void drainEndsAtItsLimit() throws Exception {
        try (EnvoyAdmin admin = new EnvoyAdmin(listeners.admin(), listeners.readiness());
                java.net.ServerSocket silent = new java.net.ServerSocket(0);
                HttpClient client = HttpClient.newHttpClient()) {
            start(forward(silent.getLocalPort()));
            TestEnvoy.await("the edge", () -> listening());
            CompletableFuture<HttpResponse<Void>> request = client.sendAsync(
                    HttpRequest.newBuilder(URI.create("http://" + edge + "/")).build(),
                    HttpResponse.BodyHandlers.discarding());
            silent.accept();
            assertThat(new Drain(Duration.ofMillis(100), Duration.ofMillis(500)).run(admin))
                    .isPositive();
            request.cancel(true);
        }
    }

    /** As a gateway between networks has them, which does not see what it passes on. */
    @Test
    void aConnectionThatIsPassedOnGoesOnUntilTheDrainIsOver() throws Exception {
        try (EnvoyAdmin admin = new EnvoyAdmin(listeners.admin(), listeners.readiness());
                java.net.ServerSocket echo = new java.net.ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> echo(echo));
            start(EdgeListener.passing(stats(), edge, "upstream-" + echo.getLocalPort()));
            TestEnvoy.await("the edge", () -> listening());
            try (java.net.Socket open = new java.net.Socket(edge.host(), edge.port())) {
                open.setSoTimeout(60_000);
                assertThat(answered(open)).isTrue();
                assertThat(new Drain(Duration.ofMillis(100), Duration.ofMillis(500)).run(admin))
                        .as("at the limit of a drain")
                        .isEqualTo(1);
                assertThat(answered(open)).as("while the next one waits for it").isTrue();
                CompletableFuture<Long> drained = CompletableFuture.supplyAsync(
                        () -> new Drain(Duration.ofMillis(100), Duration.ofSeconds(60)).run(admin));
                assertThat(drained.copy()
                                .completeOnTimeout(-1L, 500, java.util.concurrent.TimeUnit.MILLISECONDS)
                                .join())
                        .isEqualTo(-1L);
                open.shutdownOutput();
                assertThat(drained.join()).isZero();
            }
        }
    }

    private static void echo(java.net.ServerSocket server) {
        while (!server.isClosed()) {
            try {
                java.net.Socket socket = server.accept();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException e) {
                        // The other side is gone.
                    }
                });
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private static boolean answered(java.net.Socket open) throws IOException {
        open.getOutputStream().write('x');
        return open.getInputStream().read() == 'x';
    }

    private Listener forward(int port) {
        return route("upstream-" + port, "/");
    }

    // A listener as the bootstrap's own ones are, moved to the edge and given another name and target.
    private Listener route(String target, String path) {
        return EdgeListener.from(stats(), edge, target, path);
    }

    private Listener stats() {
        return Bootstraps.translate(settings()).getStaticResources().getListenersList().stream()
                .filter(listener -> listener.getName().equals("stats"))
                .findFirst()
                .orElseThrow();
    }

    private void start(Listener listener) throws IOException {
        Bootstrap.Builder bootstrap = Bootstraps.translate(settings()).toBuilder();
        bootstrap.getStaticResourcesBuilder().addListeners(listener);
        EdgeListener.cluster(listener)
                .ifPresent(cluster -> bootstrap.getStaticResourcesBuilder().addClusters(cluster));
        EnvoyCommand command = new EnvoyCommand(
                EnvoyBinary.found(), EnvoyCommand.Place.in(directory), "warning", 1, Duration.ofSeconds(1), Map.of());
        envoy = Optional.of(EnvoySupervisor.start(
                command, BootstrapJson.compact(bootstrap.build()), RestartPolicy.DEFAULT, new Random(1)));
    }

    private BootstrapSettings settings() {
        ProxyNode node = new ProxyNode(
                ProxyRole.ROUTER,
                new ProxyNode.Pod("edge-0", "istio-system", "127.0.0.1", ""),
                new ProxyNode.Workload("edge", "edge", "edge", Map.of()),
                new ProxyNode.Placement(
                        "cluster.local", "c", "", "default", InterceptionMode.REDIRECT, Locality.getDefaultInstance()));
        return new BootstrapSettings(
                node,
                new ControlPlane(new ControlPlane.Server(TestEnvoy.free(), "pilot"), Optional.empty()),
                listeners,
                List.of(),
                new ProxyTuning(1000, OptionalLong.empty(), List.of(), OptionalLong.empty(), Optional.empty()),
                Optional.of(new Socket(directory.resolve("sds.sock").toString())));
    }

    private static TransportSocket edgeTls() {
        return TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.tls")
                .setTypedConfig(Any.pack(DownstreamTlsContext.newBuilder()
                        .setCommonTlsContext(CommonTlsContext.newBuilder()
                                .addTlsCertificateSdsSecretConfigs(SdsConfig.edgeCertificate("bookinfo")))
                        .build()))
                .build();
    }

    private boolean listening() {
        try (java.net.Socket socket = new java.net.Socket(edge.host(), edge.port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private Optional<String> shown() {
        try (SSLSocket socket =
                (SSLSocket) TrustAnybody.context().getSocketFactory().createSocket(edge.host(), edge.port())) {
            socket.setSoTimeout(30_000);
            X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return Optional.of(leaf.getSubjectX500Principal().getName());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void place(Path folder, String name) throws IOException {
        for (String part : List.of("chain", "key")) {
            Files.copy(
                    Path.of("src/test/resources/certificates", name + "-" + part + ".pem"),
                    folder.resolve(part.equals("chain") ? "tls.crt" : "tls.key"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
