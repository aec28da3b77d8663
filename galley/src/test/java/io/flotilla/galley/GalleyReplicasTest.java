package io.flotilla.galley;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.discovery.View;
import io.flotilla.discovery.client.ClientSettings;
import io.flotilla.discovery.client.DiscoveryClient;
import io.flotilla.discovery.client.Update;
import io.flotilla.discovery.client.UpdateListener;
import io.flotilla.galley.serve.ConfigServers;
import io.flotilla.galley.serve.PlainServers;
import io.flotilla.galley.serve.ServedViews;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Held;
import io.flotilla.galley.state.Publisher;
import io.flotilla.galley.watch.FolderSource;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two Galleys side by side read the same directory; each has a clock, and reads it, of its own. */
class GalleyReplicasTest {
    private static final String ROUTES = "networking.istio.io/v1alpha3/VirtualService";

    @TempDir
    private Path folder;

    @TempDir
    private Path outside;

    private final BlockingQueue<Update> updates = new LinkedBlockingQueue<>();

    /** A Galley without its process: source, state and server. */
    private static final class Replica implements AutoCloseable {
        private final AtomicLong clock;
        private final ServedViews views = new ServedViews();
        private final AtomicReference<@Nullable Held> held = new AtomicReference<>();
        private final FolderSource source;
        private @Nullable ConfigServers servers;

        Replica(Path folder, long now) {
            clock = new AtomicLong(now);
            Publisher publisher = new Publisher(
                    Set.of(SourceName.DIRECTORY),
                    ReadOptions.DEFAULT,
                    RegistryOptions.DEFAULT,
                    "istio-system",
                    clock::incrementAndGet);
            source = new FolderSource(
                    List.of(folder), Duration.ofMillis(10), Duration.ofMillis(200), Duration.ofSeconds(30));
            source.start((name, documents, synced) -> {
                Publisher.Outcome outcome = publisher.apply(name, documents, synced);
                held.set(outcome.held());
                views.publish(outcome);
            });
        }

        /** Serves; a port of its own where that is negative. */
        int serve(int port) {
            servers = PlainServers.start(views, port);
            return servers.port();
        }

        boolean isRead() {
            return servers != null && !servers.streams().isEmpty();
        }

        /** Type to version of all that it serves. */
        Map<String, String> versions() {
            Held now = held.get();
            return now == null ? Map.of() : GalleyReplicasTest.versions(now.view());
        }

        int routes() {
            Held now = held.get();
            return now == null ? 0 : now.view().type(ROUTES).size();
        }

        @Override
        public void close() {
            source.close();
            if (servers != null) {
                servers.close();
            }
        }
    }

    private static Map<String, String> versions(View view) {
        Map<String, String> versions = new TreeMap<>();
        Collections.typeUrls()
                .forEach(type -> versions.put(type, view.type(type).version()));
        return versions;
    }

    private void write(String name, String text) throws IOException {
        Path next = Files.writeString(outside.resolve("next"), text);
        Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String route(String name, String timeout) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %1$s}
                spec: {hosts: [%1$s], http: [{timeout: %2$s, route: [{destination: {host: %1$s}}]}]}
                """.formatted(name, timeout);
    }

    private void content() throws IOException {
        for (int i = 0; i < 20; i++) {
            write("route-" + i + ".yaml", route("route-" + i, "1s"));
        }
        write("service.yaml", """
                apiVersion: v1
                kind: Service
                metadata: {name: reviews}
                spec: {clusterIP: 10.0.0.7, ports: [{name: http, port: 80}]}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: reviews-1, labels: {kubernetes.io/service-name: reviews}}
                addressType: IPv4
                ports: [{name: http, port: 9080}]
                endpoints: [{addresses: [10.44.0.9]}, {addresses: [10.44.0.10]}]
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: listchecker
                metadata: {name: versions}
                spec: {overrides: [v1, v2]}
                """);
    }

    private static void await(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 60 s: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Update next() throws InterruptedException {
        Update update = updates.poll(60, TimeUnit.SECONDS);
        if (update == null) {
            throw new AssertionError("no update within 60 s");
        }
        return update;
    }

    private DiscoveryClient consumer(int port) {
        return new DiscoveryClient(
                        ClientSettings.of(
                                Node.newBuilder().setId("consumer").build(), Set.copyOf(Collections.typeUrls())),
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
    }

    @Test
    void theSameContentHasTheSameVersionsWhoeverReadItAndInWhateverOrder() throws Exception {
        try (Replica early = new Replica(folder, 1_000)) {
            content();
            await("the early one has all", () -> early.routes() == 20);
            write("route-3.yaml", route("route-3", "7s"));
            write("extra.yaml", route("extra", "1s"));
            await("and more", () -> early.routes() == 21);
            try (Replica late = new Replica(folder, 9_000)) {
                await("both are the same", () -> late.versions().equals(early.versions()));
                assertThat(late.routes()).isEqualTo(21);
                Files.delete(folder.resolve("extra.yaml"));
                await(
                        "both follow",
                        () -> early.routes() == 20 && late.versions().equals(early.versions()));
            }
        }
    }

    @Test
    void aConsumerThatMovesToTheOtherIsSentNothingAgainAndHearsItsNews() throws Exception {
        content();
        Replica first = new Replica(folder, 9_000);
        // Its numbers are behind: content counts more.
        try (Replica second = new Replica(folder, 1_000)) {
            await(
                    "both have all",
                    () -> first.routes() == 20 && second.versions().equals(first.versions()));
            int port = first.serve(-1);
            try (DiscoveryClient client = consumer(port)) {
                Update all = next();
                // The last changes may be told in a step of their own.
                while (!versions(all.view()).equals(second.versions())) {
                    all = next();
                }
                updates.clear();
                // Behind one address, as a Service is: what answers there next is the other one.
                first.close();
                second.serve(port);
                await("it has gone over", second::isRead);
                second.clock.set(20_000);
                write("route-5.yaml", route("route-5", "9s"));
                Update news = next();
                while (news.changes().isEmpty()) {
                    news = next();
                }
                assertThat(news.changes().keySet())
                        .as("all that ever came from the second")
                        .containsExactly(ROUTES);
                assertThat(news.change(ROUTES).changed()).hasSize(1);
                assertThat(news.change(ROUTES).removed()).isEmpty();
                assertThat(client.view().type(ROUTES).version())
                        .isEqualTo(second.versions().get(ROUTES));
            }
        } finally {
            first.close();
        }
    }
}
