package io.flotilla.galley;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.api.status.v1.DistributionReply;
import io.flotilla.api.status.v1.DistributionReport;
import io.flotilla.api.status.v1.DistributionStatusGrpc;
import io.flotilla.api.status.v1.Refusal;
import io.flotilla.config.feed.Collections;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.client.ClientSettings;
import io.flotilla.discovery.client.DiscoveryClient;
import io.flotilla.discovery.client.Update;
import io.flotilla.discovery.client.UpdateListener;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(GalleyQuarkusTest.Folder.class)
class GalleyQuarkusTest {
    private static final String VIRTUAL_SERVICE = "networking.istio.io/v1alpha3/VirtualService";

    public static class Folder implements QuarkusTestProfile {
        private static final Path DIRECTORY = directory();

        private static Path directory() {
            try {
                return Files.createTempDirectory("galley");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "flotilla.config-dir", DIRECTORY.toString(), "flotilla.port", "-1", "quarkus.http.test-port", "0");
        }
    }

    @Inject
    GalleyLifecycle galley;

    // Given by Quarkus before any test, which NullAway cannot know.
    @SuppressWarnings("NullAway.Init")
    @TestHTTPResource
    URI management;

    private final BlockingQueue<Update> updates = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init") // by connect()
    private DiscoveryClient client;

    @BeforeEach
    void connect() throws Exception {
        write("services.yaml", """
                apiVersion: v1
                kind: Service
                metadata: {name: reviews, namespace: default}
                spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
                """);
        int port = galley.servers().orElseThrow().port();
        Node node = Node.newBuilder().setId("test").build();
        client = new DiscoveryClient(
                        ClientSettings.of(node, Set.copyOf(Collections.typeUrls())),
                        () -> NettyChannelBuilder.forAddress("127.0.0.1", port)
                                .usePlaintext()
                                .build(),
                        new UpdateListener() {
                            @Override
                            public void apply(Update update) {
                                updates.add(update);
                            }
                        })
                .start();
        // What the test before has left is gone: the same content again would be no change.
        awaitUpdate(update -> update.view().type("flotilla.registry.v1/Service").get("default/reviews") != null
                && update.view().type(VIRTUAL_SERVICE).size() == 0);
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
        try (var files = Files.walk(Folder.DIRECTORY)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                if (!file.equals(Folder.DIRECTORY)) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void tellsOnlyWhatChangedAndAtOnce() throws Exception {
        write("routes.yaml", route("ratings", "v1") + "---\n" + route("reviews", "v1"));
        Update first = awaitUpdate(update -> names(update).size() == 2);
        assertThat(names(first)).containsExactly("default/ratings", "default/reviews");

        // The second object moves by a line, and only the first one changes.
        write("routes.yaml", "# moved\n" + route("ratings", "v2") + "---\n" + route("reviews", "v1"));
        Update second = awaitUpdate(update -> !names(update).isEmpty());
        assertThat(names(second)).containsExactly("default/ratings");
        assertThat(second.changes().keySet()).containsExactly(VIRTUAL_SERVICE);
    }

    @Test
    void keepsTheLastGoodVersionAndSaysWhatIsWrong() throws Exception {
        write("routes.yaml", route("reviews", "v1"));
        awaitUpdate(update -> names(update).contains("default/reviews"));
        Resource good = client.view().type(VIRTUAL_SERVICE).get("default/reviews");

        write("routes.yaml", route("reviews", "v2").replace("weight", "wieght"));
        write("other.yaml", route("details", "v1"));
        Update next = awaitUpdate(update -> names(update).contains("default/details"));

        assertThat(names(next)).containsExactly("default/details");
        assertThat(next.view().type(VIRTUAL_SERVICE).get("default/reviews")).isEqualTo(good);
        assertThat(get("/debug/config"))
                .contains("did you mean \\\"weight\\\"?")
                .contains("\"path\" : \"spec.http[0].route[0].wieght\"")
                .contains("\"line\" : 10");
    }

    @Test
    void followsNewDirectoriesAndForgetsWhatIsDeleted() throws Exception {
        Files.createDirectories(Folder.DIRECTORY.resolve("a/b"));
        write("a/b/route.yaml", route("reviews", "v1"));
        awaitUpdate(update -> names(update).contains("default/reviews"));

        Files.delete(Folder.DIRECTORY.resolve("a/b/route.yaml"));
        Update gone =
                awaitUpdate(update -> !update.change(VIRTUAL_SERVICE).removed().isEmpty());
        assertThat(gone.change(VIRTUAL_SERVICE).removed()).containsExactly("default/reviews");
    }

    @Test
    void isReadyAndCounts() throws Exception {
        assertThat(get("/health/ready")).contains("\"UP\"");
        assertThat(get("/health/live")).contains("\"UP\"");
        assertThat(get("/metrics")).contains("galley_objects ").contains("galley_apply_seconds_count");
    }

    @Test
    void whatIsWrongAcrossObjectsIsFoundBesideAndForgottenOnceItIsRight() throws Exception {
        write("routes.yaml", route("nowhere", "v1"));
        awaitAnalysis(page -> page.contains("VirtualService default/nowhere") && page.contains("\"FA"));
        assertThat(get("/metrics")).contains("galley_analysis_findings");

        Files.delete(Folder.DIRECTORY.resolve("routes.yaml"));
        awaitAnalysis(page -> !page.contains("VirtualService default/nowhere"));
    }

    @Test
    void whatProxiesMadeOfAnObjectIsKept() throws Exception {
        write("routes.yaml", route("reviews", "v1"));
        Update update = awaitUpdate(each -> names(each).contains("default/reviews"));
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        "127.0.0.1", galley.servers().orElseThrow().port())
                .usePlaintext()
                .build();
        try {
            BlockingQueue<DistributionReply> replies = new LinkedBlockingQueue<>();
            StreamObserver<DistributionReport> reports = DistributionStatusGrpc.newStub(channel)
                    .report(new StreamObserver<>() {
                        @Override
                        public void onNext(DistributionReply reply) {
                            replies.add(reply);
                        }

                        @Override
                        public void onError(Throwable error) {}

                        @Override
                        public void onCompleted() {}
                    });
            DistributionReport report = DistributionReport.newBuilder()
                    .setReporter("pilot-1")
                    .setGeneration(update.generation().toString())
                    .setProxies(1)
                    .build();
            reports.onNext(report.toBuilder()
                    .addRefusals(Refusal.newBuilder()
                            .setGroup("networking.istio.io")
                            .setKind("VirtualService")
                            .setNamespace("default")
                            .setName("reviews")
                            .setProxy("web-0.default")
                            .setMessage("bad weight"))
                    .build());
            assertThat(replies.poll(60, TimeUnit.SECONDS)).isNotNull();
            assertThat(get("/debug/objects?kind=VirtualService&name=reviews"))
                    .contains("\"state\":\"REFUSED\"")
                    .contains("refused by web-0.default: bad weight");
            reports.onNext(report);
            assertThat(replies.poll(60, TimeUnit.SECONDS)).isNotNull();
            assertThat(get("/debug/receipts"))
                    .contains("\"reporter\" : \"pilot-1\"")
                    .contains("\"state\" : \"DISTRIBUTED\"");
        } finally {
            channel.shutdownNow();
        }
    }

    private void awaitAnalysis(java.util.function.Predicate<String> wanted) throws Exception {
        // After one that took long, analysis rests for up to 30 s, and then waits until nothing more comes.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        String page = get("/debug/analysis");
        while (!wanted.test(page)) {
            assertThat(System.nanoTime())
                    .as("what analysis finds after 90 s: %s", page)
                    .isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            page = get("/debug/analysis");
        }
    }

    private static List<String> names(Update update) {
        return update.change(VIRTUAL_SERVICE).changed().stream()
                .map(Resource::name)
                .sorted()
                .toList();
    }

    private Update awaitUpdate(java.util.function.Predicate<Update> wanted) throws InterruptedException {
        while (true) {
            Update update = updates.poll(60, TimeUnit.SECONDS);
            assertThat(update).as("an update within 60 s").isNotNull();
            if (wanted.test(update)) {
                return update;
            }
        }
    }

    private String get(String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(management.resolve(path)).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static void write(String name, String text) throws IOException {
        Path file = Folder.DIRECTORY.resolve(name);
        Path hidden = Files.writeString(file.resolveSibling("." + file.getFileName() + ".tmp"), text);
        Files.move(hidden, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String route(String name, String subset) {
        return """
                apiVersion: networking.istio.io/v1alpha3
                kind: VirtualService
                metadata:
                  name: %1$s
                spec:
                  hosts: [%1$s]
                  http:
                  - route:
                    - destination: {host: %1$s, subset: %2$s}
                      weight: 100
                """.formatted(name, subset);
    }
}
