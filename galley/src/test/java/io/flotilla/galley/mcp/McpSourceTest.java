package io.flotilla.galley.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.discovery.View;
import io.flotilla.galley.serve.ConfigServers;
import io.flotilla.galley.serve.PlainServers;
import io.flotilla.galley.serve.ServedViews;
import io.flotilla.galley.source.MassDeletionGuard;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.source.SourceStatus;
import io.flotilla.galley.state.Publisher;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One Galley reads from another over loopback. */
class McpSourceTest {
    private static final String ROUTES = "networking.istio.io/v1alpha3/VirtualService";

    private long now = 1_000;
    private final Publisher theirs = publisher(SourceName.DIRECTORY);
    private final Publisher ours = publisher(SourceName.MCP);
    private final ServedViews views = new ServedViews();
    private final BlockingQueue<View> published = new LinkedBlockingQueue<>();

    private Publisher publisher(SourceName source) {
        return new Publisher(Set.of(source), ReadOptions.DEFAULT, RegistryOptions.DEFAULT, "istio-system", () -> now++);
    }

    private ConfigServers serve(int port) {
        return PlainServers.start(views, port);
    }

    private void put(String file, String text) {
        put(Map.of(file, Optional.of(text).filter(each -> !each.isEmpty())));
    }

    /** In one step: what is published shortly after something else may be told in one of its own. */
    private void put(Map<String, Optional<String>> files) {
        views.publish(theirs.apply(SourceName.DIRECTORY, files, true));
    }

    private static String route(String timeout) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: a, labels: {x: y}}
                spec: {hosts: [a], http: [{timeout: %s, route: [{destination: {host: a}}]}]}
                """.formatted(timeout);
    }

    private Duration confirmAfter = Duration.ofMillis(300);

    private McpSource source(String scheme, int port) {
        McpAddress address = McpAddress.parse(scheme + "://127.0.0.1:" + port);
        McpSource source = new McpSource(
                address, new McpChannel(address, McpChannel.Tls.PLAIN), new MassDeletionGuard(confirmAfter));
        source.start((name, documents, synced) -> {
            View view = ours.apply(name, documents, synced).held().view();
            if (synced) {
                published.add(view);
            }
        });
        return source;
    }

    private View next() throws InterruptedException {
        View view = published.poll(60, TimeUnit.SECONDS);
        if (view == null) {
            throw new AssertionError("nothing was published within 60 s");
        }
        return view;
    }

    @ParameterizedTest
    @ValueSource(strings = {"xds", "mcp"})
    void takesWhatAnotherServesAndKeepsItWhileThatIsAway(String scheme) throws Exception {
        put("a.yaml", route("1s"));
        ConfigServers servers = serve(-1);
        int port = servers.port();
        try (McpSource source = source(scheme, port)) {
            String first = next().type(ROUTES).version();
            assertThat(first)
                    .isEqualTo(theirs.apply(SourceName.DIRECTORY, Map.of(), true)
                            .held()
                            .view()
                            .type(ROUTES)
                            .version());
            await(source, SourceStatus.Synced.class);
            put("a.yaml", route("2s"));
            assertThat(next().type(ROUTES).version()).isNotEqualTo(first);
            servers.close();
            await(source, SourceStatus.Stale.class);
            assertThat(published).isEmpty();
            put("a.yaml", "");
            servers = serve(port);
            assertThat(next().type(ROUTES).size()).isZero();
            await(source, SourceStatus.Synced.class);
        } finally {
            servers.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xds", "mcp"})
    void aServerThatLostMoreThanHalfIsNotBelievedAtOnce(String scheme) throws Exception {
        confirmAfter = Duration.ofMinutes(10);
        Map<String, Optional<String>> three = new HashMap<>();
        for (String name : List.of("a", "b", "c")) {
            three.put(name + ".yaml", Optional.of(route("1s").replace("name: a", "name: " + name)));
        }
        put(three);
        ConfigServers servers = serve(-1);
        try (McpSource source = source(scheme, servers.port())) {
            assertThat(next().type(ROUTES).size()).isEqualTo(3);
            await(source, SourceStatus.Synced.class);
            int port = servers.port();
            servers.close();
            await(source, SourceStatus.Stale.class);
            put(Map.of(
                    "a.yaml",
                    Optional.empty(),
                    "b.yaml",
                    Optional.empty(),
                    "c.yaml",
                    Optional.of(route("9s").replace("name: a", "name: c"))));
            servers = serve(port);
            // What is new there counts at once, what is gone does not.
            assertThat(next().type(ROUTES).size()).isEqualTo(3);
            await(source, SourceStatus.Stale.class);
            assertThat(source.status().toString()).contains("more than half");
        } finally {
            servers.close();
        }
    }

    /** Over the classic protocol they travel as google.protobuf.Struct. */
    @ParameterizedTest
    @ValueSource(strings = {"xds", "mcp"})
    void objectsOfMixerArriveAsTheyWere(String scheme) throws Exception {
        String type = "config.istio.io/v1alpha2/listchecker";
        put("a.yaml", """
                apiVersion: config.istio.io/v1alpha2
                kind: listchecker
                metadata: {name: a}
                spec: {overrides: [v1], refreshInterval: 1.5s, cachingUseCount: 7, entryType: REGEX}
                """);
        ConfigServers servers = serve(-1);
        try (McpSource source = source(scheme, servers.port())) {
            String told = next().type(type).version();
            await(source, SourceStatus.Synced.class);
            assertThat(told)
                    .isEqualTo(theirs.apply(SourceName.DIRECTORY, Map.of(), true)
                            .held()
                            .view()
                            .type(type)
                            .version());
        } finally {
            servers.close();
        }
    }

    private static void await(McpSource source, Class<? extends SourceStatus> wanted) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!wanted.isInstance(source.status())) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still " + source.status());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void anAddressThatIsNoneSaysWhatToWrite() {
        assertThatThrownBy(() -> McpAddress.parse("http://a:1")).hasMessageContaining("xds://HOST:PORT");
    }
}
