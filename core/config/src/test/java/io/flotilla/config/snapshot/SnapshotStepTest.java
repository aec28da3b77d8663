package io.flotilla.config.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.config.platform.RegistryOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A snapshot that followed its changes is the snapshot that is built anew, and shares what did not change. */
class SnapshotStepTest {
    private static final int EDITS = 300;
    private static final List<String> APPS = List.of("a", "b", "c");

    private final long seed = Long.getLong("flotilla.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<String, String> manifests = new TreeMap<>();

    private static String service(String app, String target) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s, namespace: default}
                spec: {clusterIP: 10.96.1.1, selector: {app: %1$s}, ports: [{name: http, port: 80, targetPort: %2$s}]}
                """.formatted(app, target);
    }

    private static String entry(String app, String selection) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: %1$s, namespace: default}
                spec:
                  hosts: [%1$s.corp]
                  location: MESH_INTERNAL
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  %2$s
                """.formatted(app, selection);
    }

    private static String pod(String app, int number, int address, boolean ready, int port) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %1$s-%2$d, namespace: default, uid: %1$s-%2$d, labels: {app: %1$s}}
                spec:
                  serviceAccountName: %1$s
                  containers: [{name: app, ports: [{name: web, containerPort: %5$d}]}, {name: istio-proxy}]
                status:
                  phase: Running
                  podIP: 10.44.%2$d.%3$d
                  conditions: [{type: Ready, status: "%4$s"}]
                """.formatted(app, number, address, ready ? "True" : "False", port);
    }

    private void edit() {
        String app = APPS.get(random.nextInt(APPS.size()));
        int number = random.nextInt(3);
        String pod = app + "-" + number;
        switch (random.nextInt(10)) {
            case 0 -> manifests.put("service " + app, service(app, random.nextBoolean() ? "web" : "8080"));
            case 1 -> manifests.remove(pod);
            case 2 -> manifests.put("entry " + app, entry(app, "workloadSelector: {labels: {app: " + app + "}}"));
            case 3, 4 ->
                manifests.put("entry " + app, entry(app, "endpoints: [{address: 10.2.2." + random.nextInt(250) + "}]"));
            case 5 -> manifests.remove("entry " + app);
            case 6 -> manifests.put(pod, pod(app, number, random.nextInt(250), random.nextBoolean(), 9090));
            default -> manifests.put(pod, pod(app, number, 1, random.nextBoolean(), 8080));
        }
    }

    private Map<ObjectKey, Config<?>> objects() {
        List<Config<?>> read = new ArrayList<>();
        new ObjectReader(ReadOptions.DEFAULT)
                .read("test.yaml", String.join("---\n", manifests.values()))
                .objects()
                .forEach(object -> read.add(object.config()));
        Map<ObjectKey, Config<?>> objects = new TreeMap<>();
        MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system")
                .apply(read, List.of())
                .objects()
                .published()
                .forEach(config -> objects.put(config.key(), config));
        return objects;
    }

    @Test
    void manyStepsLeadToWhatIsBuiltAnew() {
        APPS.forEach(app -> manifests.put("service " + app, service(app, "web")));
        Map<ObjectKey, Config<?>> before = objects();
        MeshSnapshot snapshot = SnapshotBuilder.build(MeshSettings.defaults(), before.values());
        int moves = 0;
        int comings = 0;
        for (int i = 0; i < EDITS; i++) {
            edit();
            Map<ObjectKey, Config<?>> after = objects();
            SnapshotBuilder.Step step = step(snapshot, before, after);
            String where = "seed %d, edit %d".formatted(seed, i);
            assertThat(told(step.snapshot()))
                    .as(where)
                    .isEqualTo(told(SnapshotBuilder.build(MeshSettings.defaults(), after.values())));
            if (step.moves().isPresent()) {
                moves += step.moves().get().endpoints().isEmpty() ? 0 : 1;
                comings += step.moves().get().services().isEmpty() ? 0 : 1;
                shares(where, snapshot, step.snapshot(), step.moves().get());
            }
            snapshot = step.snapshot();
            before = after;
        }
        assertThat(moves).as("seed %d, steps of endpoints alone", seed).isGreaterThan(EDITS / 20);
        assertThat(comings).as("seed %d, steps of services", seed).isPositive();
    }

    @Test
    void moreServicesThanStandBesideABaseGetOtherEndpointsOneByOne() {
        int services = EndpointIndex.APART + 8;
        for (int i = 0; i < services; i++) {
            manifests.put("entry " + i, entry("s" + i, "endpoints: [{address: 10.2.2.1}]"));
        }
        Map<ObjectKey, Config<?>> before = objects();
        MeshSnapshot first = SnapshotBuilder.build(MeshSettings.defaults(), before.values());
        Map<String, Object> told = told(first);
        for (int i = 0; i < services; i++) {
            manifests.put("entry " + i, entry("s" + i, "endpoints: [{address: 10.2.2.2}]"));
        }
        Map<ObjectKey, Config<?>> after = objects();
        MeshSnapshot snapshot = first;
        for (Config<?> each : after.values()) {
            snapshot = SnapshotBuilder.step(snapshot, List.of(each), List.of()).snapshot();
        }
        assertThat(told(snapshot))
                .isEqualTo(told(SnapshotBuilder.build(MeshSettings.defaults(), after.values())))
                .isNotEqualTo(told);
        assertThat(told(first)).as("who holds an earlier snapshot").isEqualTo(told);
    }

    private static SnapshotBuilder.Step step(
            MeshSnapshot snapshot, Map<ObjectKey, Config<?>> before, Map<ObjectKey, Config<?>> after) {
        List<Config<?>> changed = new ArrayList<>();
        after.values().forEach(config -> {
            Config<?> earlier = before.get(config.key());
            if (earlier == null || !earlier.version().equals(config.version())) {
                changed.add(config);
            }
        });
        Set<ObjectKey> removed = new HashSet<>(before.keySet());
        removed.removeAll(after.keySet());
        return SnapshotBuilder.step(snapshot, changed, removed);
    }

    private static Map<String, Object> told(MeshSnapshot snapshot) {
        Map<String, Object> told = new TreeMap<>();
        snapshot.services()
                .forEach(service -> service.ports()
                        .forEach(port ->
                                told.put(service.hostname() + ":" + port, snapshot.endpoints(service, port.number()))));
        told.put("services", said(snapshot.services()));
        told.put("visible", said(snapshot.visibleServices("default")));
        APPS.forEach(app -> told.put(app + " named", said(snapshot.services(app + ".corp"))));
        APPS.forEach(app -> told.put(
                "inbound " + app,
                snapshot.inboundPorts("default", Map.of("app", app)).stream()
                        .map(port -> port.endpointPort() + " " + port.service().hostname() + " " + port.servicePort())
                        .toList()));
        return told;
    }

    // Without the line where it stands, of which nobody hears.
    private static List<String> said(Collection<MeshService> services) {
        return services.stream()
                .map(each -> each.hostname() + each.addresses() + each.ports() + each.exportTo())
                .toList();
    }

    private static void shares(String where, MeshSnapshot before, MeshSnapshot after, Moves moves) {
        Set<String> moved = new HashSet<>(moves.endpoints());
        moved.addAll(moves.services());
        assertThat(still(after, moves)).as(where).hasSameSizeAs(still(before, moves));
        for (MeshService service : still(after, moves)) {
            assertThat(before.services(service.hostname()))
                    .as(where)
                    .anySatisfy(each -> assertThat(each).isSameAs(service));
            if (!moved.contains(service.hostname())) {
                service.ports()
                        .forEach(port -> assertThat(after.endpoints(service, port.number()))
                                .as("%s, endpoints of %s", where, service.hostname())
                                .isSameAs(before.endpoints(service, port.number())));
            }
        }
    }

    private static List<MeshService> still(MeshSnapshot mesh, Moves moves) {
        return mesh.services().stream()
                .filter(service -> !moves.services().contains(service.hostname()))
                .toList();
    }
}
