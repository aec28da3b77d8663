package io.flotilla.config.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ReadOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Namespaces that the mesh is told of, by their labels. */
class DiscoveryScopeTest {
    private static final int EDITS = 300;

    private final Map<ObjectKey, Config<?>> there = new TreeMap<>();
    // What somebody knows who only ever heard the changes.
    private final Map<ObjectKey, String> heard = new TreeMap<>();
    private MeshObjects mesh = MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system");

    private static String selecting(String selectors) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: '{discoverySelectors: [%s]}'}""".formatted(selectors);
    }

    private static String namespace(String name, String labels) {
        return "{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: {%s}}}".formatted(name, labels);
    }

    private static String service(String namespace) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: %1$s}
                spec: {clusterIP: 10.96.1.1, ports: [{name: http, port: 80}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: web, namespace: %1$s}
                spec: {hosts: [web], http: [{route: [{destination: {host: web}}]}]}""".formatted(namespace);
    }

    private void put(String... yaml) {
        List<Config<?>> objects = new ArrayList<>();
        new ObjectReader(ReadOptions.DEFAULT)
                .read("f.yaml", String.join("\n---\n", yaml))
                .objects()
                .forEach(object -> objects.add(object.config()));
        objects.forEach(object -> there.put(object.key(), object));
        hear(mesh.apply(objects, Set.of()));
    }

    private void remove(ObjectKey key) {
        there.remove(key);
        hear(mesh.apply(List.of(), Set.of(key)));
    }

    private void hear(MeshObjects.Change change) {
        mesh = change.objects();
        change.changed().forEach(config -> heard.put(config.key(), config.version()));
        change.removed()
                .forEach(key -> assertThat(heard.remove(key)).as(key.toString()).isNotNull());
        assertThat(heard).isEqualTo(versions(mesh.published()));
        assertThat(heard)
                .isEqualTo(versions(MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system")
                        .apply(there.values(), Set.of())
                        .objects()
                        .published()));
    }

    private static Map<ObjectKey, String> versions(Collection<Config<?>> objects) {
        Map<ObjectKey, String> versions = new HashMap<>();
        objects.forEach(config -> versions.put(config.key(), config.version()));
        return versions;
    }

    private Set<String> namespaces() {
        Set<String> namespaces = new HashSet<>();
        heard.keySet().stream()
                .filter(key -> !key.kind().name().equals("Namespace")
                        && !key.namespace().isEmpty())
                .forEach(key -> namespaces.add(key.namespace()));
        return namespaces;
    }

    @Test
    void onlyChosenNamespacesAreToldOfAndTheMeshsOwn() {
        put(
                namespace("a", "mesh: \"on\""),
                namespace("b", "mesh: \"off\""),
                service("a"),
                service("b"),
                service("unknown"),
                service("istio-system"));
        assertThat(namespaces()).containsExactlyInAnyOrder("a", "b", "unknown", "istio-system");

        put(selecting("{matchLabels: {mesh: \"on\"}}"));
        assertThat(namespaces()).containsExactlyInAnyOrder("a", "istio-system");
        put(selecting("{matchLabels: {mesh: \"on\"}}, {matchLabels: {kubernetes.io/metadata.name: unknown}}"));
        assertThat(namespaces()).containsExactlyInAnyOrder("a", "unknown", "istio-system");
        put(selecting("{matchExpressions: [{key: mesh, operator: NotIn, values: [\"on\"]}]}"));
        assertThat(namespaces()).containsExactlyInAnyOrder("b", "unknown", "istio-system");
        put(selecting(""));
        assertThat(namespaces()).containsExactlyInAnyOrder("a", "b", "unknown", "istio-system");
    }

    @Test
    void aNamespaceComesAndGoesWithItsLabelAndNothingOfItIsLost() {
        put(selecting("{matchLabels: {mesh: \"on\"}}"), namespace("a", ""), service("a"));
        assertThat(namespaces()).isEmpty();
        put(namespace("a", "mesh: \"on\""));
        assertThat(namespaces()).containsExactly("a");
        int all = heard.size();
        put(namespace("a", "mesh: \"off\""));
        assertThat(namespaces()).isEmpty();
        put(namespace("a", "mesh: \"on\""));
        assertThat(heard).hasSize(all);
        remove(ObjectKey.of(io.flotilla.config.model.Kind.NAMESPACE, "", "a"));
        assertThat(namespaces()).isEmpty();
    }

    @Test
    void whateverChangesIsToldAsToOneWhoComesLate() {
        long seed = Long.getLong("flotilla.seed", System.nanoTime());
        System.out.println("-Dflotilla.seed=" + seed);
        Random random = new Random(seed);
        int told = 0;
        List<String> names = List.of("a", "b", "c");
        for (int i = 0; i < EDITS; i++) {
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(4)) {
                case 0 -> put(namespace(name, random.nextBoolean() ? "mesh: \"on\"" : "stage: live"));
                case 1 -> put(service(name));
                case 2 ->
                    put(selecting(
                            switch (random.nextInt(3)) {
                                case 0 -> "";
                                case 1 -> "{matchLabels: {mesh: \"on\"}}";
                                default -> "{matchExpressions: [{key: stage, operator: Exists}]}";
                            }));
                default ->
                    there.keySet().stream()
                            .skip(random.nextInt(Math.max(1, there.size())))
                            .findFirst()
                            .ifPresent(this::remove);
            }
            told += heard.size();
        }
        assertThat(told).isPositive();
    }
}
