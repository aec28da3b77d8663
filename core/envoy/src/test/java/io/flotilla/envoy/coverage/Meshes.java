package io.flotilla.envoy.coverage;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ContentVersion;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.MeshConfigMap;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.SnapshotBuilder;
import io.flotilla.config.store.MeshFolder;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.PeerIdentities;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.ResourceCache;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.SharedResources;
import io.flotilla.envoy.Translator;
import io.flotilla.envoy.Tuning;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.patch.PatchNotes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Meshes that use the API: the same services and pods each time, and one file of configuration. */
final class Meshes {
    static final Path FOLDER = Path.of(System.getProperty("flotilla.root"), "core/envoy/src/test/resources/coverage");
    private static final String BASE = "base.yaml";
    // Most of a mesh stays when one field is taken away, and is built once.
    private static final SharedResources BUILT = new SharedResources();

    private Meshes() {}

    /** One mesh, and those of its objects whose fields are looked at. */
    record Mesh(String name, MeshSnapshot snapshot, List<Config<?>> objects, List<EnvoyResources> resources) {
        /** What the proxies are told when an object is this instead. */
        List<EnvoyResources> told(Config<?> changed) {
            MeshSnapshot other = SnapshotBuilder.update(snapshot, List.of(changed), Set.of());
            ResourceCache round = new SharedResources();
            return proxies()
                    .map(view -> translate(other, view, round).with(PatchNotes.NONE))
                    .toList();
        }

        /**
         * What the proxies are told changes when an object is this instead. An object that validation would have refused
         * may end with an exception, and proves nothing.
         */
        boolean differs(Config<?> changed) {
            try {
                MeshSnapshot other = SnapshotBuilder.update(snapshot, List.of(changed), Set.of());
                Iterator<EnvoyResources> before = resources.iterator();
                ResourceCache round = new SharedResources();
                return proxies()
                        .anyMatch(view -> !translate(other, view, round)
                                .with(PatchNotes.NONE)
                                .equals(before.next()));
            } catch (RuntimeException refused) {
                return false;
            }
        }
    }

    static List<Mesh> all() throws IOException {
        return all(UnaryOperator.identity());
    }

    /** All meshes, of files whose texts were changed. */
    static List<Mesh> all(UnaryOperator<String> change) throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml") && !name.equals(BASE))
                    .sorted()
                    .map(name -> mesh(name, change))
                    .toList();
        }
    }

    private static Mesh mesh(String name, UnaryOperator<String> change) {
        Map<String, String> files = new TreeMap<>();
        files.put(BASE, text(BASE));
        files.put(name, change.apply(text(name)));
        MeshFolder folder = MeshFolder.read(files);
        if (folder.hasErrors()) {
            throw new AssertionError(name + ": " + folder.diagnostics());
        }
        List<Config<?>> own = folder.objects().stream()
                .<Config<?>>map(Meshes::told)
                .filter(object -> object.origin().file().equals(name))
                .filter(object -> Collections.of(object.key().kind()).isPresent())
                .toList();
        return new Mesh(name, folder.snapshot(), own, translate(folder.snapshot()));
    }

    /** What Pilot is told of an object: of the mesh's ConfigMap it is MeshConfig. */
    @SuppressWarnings("unchecked") // a ConfigMap is read as a Struct
    private static Config<?> told(Config<?> object) {
        return object.key().kind().equals(Kind.CONFIG_MAP)
                ? MeshConfigMap.read((Config<Struct>) object, new ArrayList<>()).orElseThrow()
                : object;
    }

    private static List<EnvoyResources> translate(MeshSnapshot snapshot) {
        ResourceCache round = new SharedResources();
        // The notes name the objects' versions, so they say nothing of what a proxy is told.
        return proxies()
                .map(view -> translate(snapshot, view, round).with(PatchNotes.NONE))
                .toList();
    }

    private static EnvoyResources translate(MeshSnapshot snapshot, ProxyView view, ResourceCache round) {
        return Translator.translate(new Scope(
                snapshot, view, PeerIdentities.ofEndpoints(), new Scope.Caches(BUILT, round), Tuning.defaults()));
    }

    private static Stream<ProxyView> proxies() {
        return Stream.of(
                in("r/z/s", Proxies.sidecar("client", "v1"), Map.of("ISTIO_VERSION", "1.24.1", "RING", "a")),
                in("r2/z/s", Proxies.sidecar("client", "v1"), Map.of("ISTIO_VERSION", "1.5.0", "RING", "a")),
                in("r2/z/s", Proxies.sidecar("client", "v1"), Map.of("ISTIO_VERSION", "1.24.0", "RING", "b")),
                inNetwork("n1", Proxies.sidecar("client", "v2")),
                Proxies.sidecar("server", "v1"),
                Proxies.sidecar("server", "v2"),
                Proxies.ingress(),
                Proxies.ofGateway("shop"));
    }

    private static ProxyView inNetwork(String network, ProxyView view) {
        return new ProxyView(view.role(), view.workload(), "r/z/s", network, view.capture(), view.revision(), Map.of());
    }

    private static ProxyView in(String locality, ProxyView view, Map<String, String> metadata) {
        return new ProxyView(view.role(), view.workload(), locality, view.capture(), view.revision(), metadata);
    }

    static Config<?> with(Config<?> config, Message spec) {
        return new Config<>(
                config.key(),
                spec,
                config.labels(),
                config.annotations(),
                config.created(),
                ContentVersion.of(spec, config.labels(), config.annotations()),
                config.origin());
    }

    private static String text(String name) {
        try {
            return Files.readString(FOLDER.resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
