package io.flotilla.pilot.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Locality;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever field of whatever object a change touches, a view that follows becomes what it would be at a first look: no
 * kind's change is taken to touch less than it does. The meshes are those in which every field of the API has an effect.
 */
class FieldsFollowedTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("flotilla.root"), "core/envoy/src/test/resources/coverage");
    private static final String BASE = "base.yaml";
    private static final int EDITS = Integer.getInteger("flotilla.edits", 10);
    private static final Map<String, Node> PROXIES = Map.of(
            "client", sidecar("client", "v1"),
            "server-v1", sidecar("server", "v1"),
            "server-v2", sidecar("server", "v2"),
            "ingress",
                    node(
                            "router~10.44.0.8~istio-ingressgateway-0.istio-system~istio-system.svc.cluster.local",
                            Map.of("app", "istio-ingressgateway", "istio", "ingressgateway")));

    private final long seed = Long.getLong("flotilla.seed", System.nanoTime());

    @Test
    void viewsFollowWhateverChanges() throws IOException {
        System.out.println("chaos seed " + seed + " (-Dflotilla.seed)");
        Random random = new Random(seed);
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                if (!file.endsWith(BASE)) {
                    follow(
                            file,
                            new FieldsMesh(
                                    Map.of(
                                            BASE,
                                            Files.readString(FOLDER.resolve(BASE)),
                                            "mesh.yaml",
                                            Files.readString(file)),
                                    random));
                }
            }
        }
    }

    private void follow(Path file, FieldsMesh mesh) {
        Map<String, View> got = new HashMap<>();
        Views views = views();
        MeshFeed feed = feed(views);
        feed.apply(mesh.publish());
        join(views, got);
        for (int i = 0; i < EDITS; i++) {
            Update update = mesh.edit();
            feed.apply(update);
            views.age();
            Map<String, View> fresh = fresh(update.view());
            fresh.forEach((name, view) -> {
                Map<String, String> followed = content(Objects.requireNonNull(got.get(name)));
                Map<String, String> first = content(view);
                if (!followed.equals(first)) {
                    Map<String, String> differs = new TreeMap<>(followed);
                    differs.entrySet().removeAll(first.entrySet());
                    first.entrySet().removeAll(followed.entrySet());
                    assertThat(differs)
                            .as(
                                    "seed %d, %s, %s, followed and at first look, %s",
                                    seed, file.getFileName(), name, mesh.last())
                            .isEqualTo(first);
                }
            });
        }
        feed.close();
    }

    private static Map<String, View> fresh(View view) {
        Map<String, View> got = new HashMap<>();
        Views views = views();
        MeshFeed feed = feed(views);
        Map<String, ResourceDiff> all = new HashMap<>();
        view.types().forEach((url, set) -> all.put(url, ResourceDiff.between(ResourceSet.EMPTY, set)));
        feed.apply(new Update(view, all));
        join(views, got);
        feed.close();
        return got;
    }

    private static void join(Views views, Map<String, View> got) {
        PROXIES.forEach((name, node) -> {
            if (!(Proxy.parse(node) instanceof Proxy.Parsed.Accepted(Proxy proxy))) {
                throw new AssertionError(node);
            }
            views.join(proxy, !name.equals("server-v2"), view -> got.put(name, view));
        });
    }

    private static Map<String, String> content(View view) {
        Map<String, String> content = new TreeMap<>();
        view.types()
                .forEach((url, set) -> set.resources()
                        .forEach(resource -> content.put(url + " " + resource.name(), resource.version())));
        return content;
    }

    private static MeshFeed feed(Views views) {
        return new MeshFeed(MeshSettings.defaults(), null, state -> {
            views.advance(state);
            return true;
        });
    }

    // Each look at the clock is a second later, so that no peer is expected longer than it is there.
    private static Views views() {
        AtomicLong seconds = new AtomicLong();
        return new Views(
                Tuning.defaults(),
                Duration.ZERO,
                () -> Instant.EPOCH.plusSeconds(seconds.incrementAndGet()),
                (type, streams) -> {});
    }

    private static Node sidecar(String app, String version) {
        return node(
                "sidecar~10.44.1.1~" + app + "-" + version + "-0.default~default.svc.cluster.local",
                Map.of("app", app, "version", version));
    }

    private static Node node(String id, Map<String, String> labels) {
        Struct.Builder struct = Struct.newBuilder();
        labels.forEach((key, value) ->
                struct.putFields(key, Value.newBuilder().setStringValue(value).build()));
        return Node.newBuilder()
                .setId(id)
                .setLocality(Locality.newBuilder().setRegion("r").setZone("z").setSubZone("s"))
                .setMetadata(Struct.newBuilder()
                        .putFields(
                                "LABELS",
                                Value.newBuilder().setStructValue(struct).build())
                        .putFields(
                                "ISTIO_VERSION",
                                Value.newBuilder().setStringValue("1.24.1").build())
                        .putFields(
                                "RING", Value.newBuilder().setStringValue("a").build())
                        .putFields(
                                "SERVICE_ACCOUNT",
                                Value.newBuilder().setStringValue("default").build()))
                .build();
    }
}
