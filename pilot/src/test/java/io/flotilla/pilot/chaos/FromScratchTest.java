package io.flotilla.pilot.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.discovery.ResourceDiff;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.discovery.client.Update;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.Tuning;
import io.flotilla.pilot.feed.MeshFeed;
import io.flotilla.pilot.push.Views;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a view becomes change by change is what it would be if the mesh were seen for the first time. */
class FromScratchTest {
    private static final int EDITS = 400;
    // Endpoints without identity: nothing is remembered of peers, by which a first look would differ.
    private static final List<String> PROXIES = List.of("a.default", "b.other");

    private final long seed = Long.getLong("flotilla.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int places;
    private int routes;
    private int services;

    @Test
    void viewsThatFollowEachChangeAreThoseOfAFirstLook() {
        System.out.println("chaos seed " + seed + " (-Dflotilla.seed)");
        ChaosMesh mesh = new ChaosMesh(random);
        Map<String, View> got = new HashMap<>();
        Views views = views();
        MeshFeed feed = feed(views, true);
        feed.apply(mesh.first());
        PROXIES.forEach(name -> views.join(proxy(name), true, view -> got.put(name, view)));
        views.join(proxy("w.default"), false, view -> got.put("w.default", view));
        follow(feed, mesh::edit, got);
        assertThat(places).as("changes of endpoints, which take the short way").isPositive();
        assertThat(routes).as("changes of routes, which take the short way").isPositive();
        assertThat(services)
                .as("changes of services and rules, which take the short way")
                .isPositive();
        feed.close();
    }

    @Test
    void soAreThoseOfHostsThatGetIntoEachOthersWay() {
        System.out.println("chaos seed " + seed + " (-Dflotilla.seed)");
        NeighbourMesh mesh = new NeighbourMesh(random);
        Map<String, View> got = new HashMap<>();
        Views views = views();
        MeshFeed feed = feed(views, true);
        feed.apply(mesh.publish());
        PROXIES.forEach(name -> views.join(proxy(name), true, view -> got.put(name, view)));
        views.join(proxy("w.default"), false, view -> got.put("w.default", view));
        follow(feed, mesh::edit, got);
        assertThat(services)
                .as("changes of services and rules, which take the short way")
                .isPositive();
        feed.close();
    }

    private void follow(MeshFeed feed, Supplier<Update> edits, Map<String, View> got) {
        for (int i = 0; i < EDITS; i++) {
            Update update = edits.get();
            feed.apply(update);
            Map<String, View> fresh = fresh(update.view());
            for (Map.Entry<String, View> each : got.entrySet()) {
                Map<String, String> followed = content(each.getValue());
                Map<String, String> first = content(Objects.requireNonNull(fresh.get(each.getKey())));
                if (!followed.equals(first)) {
                    Map<String, String> differs = new TreeMap<>(followed);
                    differs.entrySet().removeAll(first.entrySet());
                    first.entrySet().removeAll(followed.entrySet());
                    assertThat(differs)
                            .as("seed %d, edit %d, %s, followed and at first look", seed, i, each.getKey())
                            .isEqualTo(first);
                }
            }
        }
    }

    private Map<String, View> fresh(View view) {
        Map<String, View> got = new HashMap<>();
        Views views = views();
        MeshFeed feed = feed(views, false);
        Map<String, ResourceDiff> all = new HashMap<>();
        view.types().forEach((url, set) -> all.put(url, ResourceDiff.between(ResourceSet.EMPTY, set)));
        feed.apply(new Update(view, all));
        PROXIES.forEach(name -> views.join(proxy(name), true, each -> got.put(name, each)));
        views.join(proxy("w.default"), false, each -> got.put("w.default", each));
        feed.close();
        return got;
    }

    private static Map<String, String> content(View view) {
        Map<String, String> content = new TreeMap<>();
        view.types()
                .forEach((url, set) -> set.resources()
                        .forEach(resource -> content.put(url + " " + resource.name(), resource.version())));
        return content;
    }

    private MeshFeed feed(Views views, boolean counted) {
        return new MeshFeed(MeshSettings.defaults(), null, state -> {
            state.moves().filter(moved -> counted).ifPresent(moved -> {
                places += moved.endpoints().isEmpty() ? 0 : 1;
                routes += moved.routes().isEmpty() ? 0 : 1;
                services += moved.services().isEmpty() ? 0 : 1;
            });
            views.advance(state);
            return true;
        });
    }

    private static Views views() {
        return new Views(
                Tuning.defaults(),
                Duration.ofMinutes(10),
                InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")),
                (type, streams) -> {});
    }

    private static Proxy proxy(String name) {
        Struct labels = Struct.newBuilder()
                .putFields(
                        "app",
                        Value.newBuilder().setStringValue(name.substring(0, 1)).build())
                .build();
        Node node = Node.newBuilder()
                .setId("sidecar~10.44.1.1~" + name + "~" + name.substring(2) + ".svc.cluster.local")
                // Services come and go that select it, so that its own ports change too.
                .setMetadata(Struct.newBuilder()
                        .putFields(
                                "LABELS",
                                Value.newBuilder().setStructValue(labels).build()))
                .build();
        if (!(Proxy.parse(node) instanceof Proxy.Parsed.Accepted(Proxy proxy))) {
            throw new AssertionError(node);
        }
        return proxy;
    }
}
