package io.flotilla.config.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedObject;
import io.flotilla.config.object.ReadOptions;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A registry that followed changes of manifests is the one that they all make at once. */
class RegistryStepTest {
    private static final int EDITS = 4_000;
    private static final String NODES = "node-";

    private final long seed = Long.getLong("flotilla.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<String, String> manifests = new TreeMap<>();

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }

    private String address() {
        return "10.44.0." + random.nextInt(12);
    }

    // Names and addresses are few, so that they meet: pods with the same address, slices of pods that are not there.
    private void edit() {
        String namespace = one("left", "right");
        String name = one("a", "b", "c");
        String meta = "metadata: {name: %s, namespace: " + namespace;
        int kind = random.nextInt(12);
        String text = switch (kind) {
            case 0, 1 ->
                "apiVersion: v1\nkind: Service\n" + meta.formatted(name) + "}\nspec: {"
                        + one("clusterIP: 10.96.1." + random.nextInt(4) + ", ", "", "clusterIP: None, ")
                        + one("selector: {app: " + name + "}, ", "selector: {app: a, version: v1}, ", "")
                        + "ports: [{name: http, port: 80, targetPort: 8080}]}\n";
            case 2, 3, 4 ->
                "apiVersion: v1\nkind: Pod\n" + meta.formatted("pod-" + random.nextInt(5)) + ", labels: {app: " + name
                        + ", version: " + one("v1", "v2") + "}}\nspec: {nodeName: " + NODES + random.nextInt(2)
                        + one(", hostNetwork: true", "", "") + ", containers: [{name: c, image: i}]}\n"
                        + "status: {phase: Running, podIP: " + address()
                        + ", conditions: [{type: Ready, status: \"" + one("True", "False") + "\"}]}\n";
            case 5, 6, 7 ->
                "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n" + meta.formatted(name + random.nextInt(2))
                        + ", labels: {kubernetes.io/service-name: " + one("a", "b", "c") + "}}\n"
                        + "addressType: IPv4\nports: [{name: http, port: 8080}]\nendpoints:\n" + endpoint()
                        + endpoint();
            case 8 ->
                "apiVersion: v1\nkind: Endpoints\n" + meta.formatted(name) + "}\nsubsets:\n- addresses: [{ip: "
                        + address() + one(", targetRef: {kind: Pod, name: pod-" + random.nextInt(5) + "}", "")
                        + "}]\n  ports: [{name: http, port: 8080}]\n";
            case 9 ->
                "apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\n" + meta.formatted("vm-" + random.nextInt(2))
                        + one(", annotations: {istio.io/autoRegistrationGroup: group}", "") + "}\nspec: {address: "
                        + address() + ", labels: {app: " + name + "}}\n";
            case 10 ->
                "apiVersion: networking.istio.io/v1\nkind: WorkloadGroup\n" + meta.formatted("group")
                        + "}\nspec: {metadata: {labels: {version: " + one("v1", "v2")
                        + "}}, template: {serviceAccount: " + name + "}}\n";
            default ->
                "apiVersion: v1\nkind: Node\nmetadata: {name: " + NODES + random.nextInt(2)
                        + ", labels: {topology.kubernetes.io/region: " + one("eu", "us") + "}}\n";
        };
        String key = text.lines().limit(3).toList().toString().replaceAll(", (labels|annotations).*", "");
        if (random.nextInt(3) == 0) {
            manifests.remove(key);
        } else {
            manifests.put(key, text);
        }
    }

    private String endpoint() {
        return "- {addresses: [" + address() + "]"
                + one(", targetRef: {kind: Pod, name: pod-" + random.nextInt(5) + "}", "") + ", conditions: {ready: "
                + random.nextBoolean() + "}}\n";
    }

    private Map<ObjectKey, Config<?>> objects() {
        Map<ObjectKey, Config<?>> objects = new TreeMap<>();
        for (ParsedObject object : new ObjectReader(ReadOptions.DEFAULT)
                .read("test.yaml", String.join("---\n", manifests.values()))
                .objects()) {
            objects.put(object.config().key(), object.config());
        }
        return objects;
    }

    private static Map<ObjectKey, String> told(Collection<Config<?>> objects) {
        Map<ObjectKey, String> told = new TreeMap<>();
        objects.forEach(config -> told.put(config.key(), config.version()));
        return told;
    }

    @Test
    void manyStepsLeadToWhatIsReadAtOnce() {
        MeshObjects followed = MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system");
        Map<ObjectKey, Config<?>> before = Map.of();
        Set<Object> kinds = new HashSet<>();
        for (int i = 0; i < EDITS; i++) {
            edit();
            Map<ObjectKey, Config<?>> after = objects();
            Map<ObjectKey, Config<?>> changed = new TreeMap<>(after);
            for (Config<?> each : before.values()) {
                changed.computeIfPresent(each.key(), (key, now) -> now.version().equals(each.version()) ? null : now);
            }
            Set<ObjectKey> removed = new HashSet<>(before.keySet());
            removed.removeAll(after.keySet());
            followed = followed.apply(changed.values(), removed).objects();
            before = after;
            after.keySet().forEach(key -> kinds.add(key.kind()));
            assertThat(told(followed.published()))
                    .as("seed %d, edit %d", seed, i)
                    .isEqualTo(told(MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system")
                            .apply(after.values(), List.of())
                            .objects()
                            .published()));
        }
        assertThat(kinds).as("read without a mistake").hasSize(7);
    }
}
