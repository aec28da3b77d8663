package io.flotilla.pilot.bench;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.SnapshotBuilder;
import io.flotilla.discovery.Generation;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.Tuning;
import io.flotilla.pilot.feed.MeshState;
import io.flotilla.pilot.push.Views;
import io.flotilla.pilot.world.MeshYaml;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a change costs Pilot, without the wire: arguments SERVICES VIEWS. Each service has one pod; each view is another
 * service account's.
 */
public final class PushBench {
    private static final int ROUNDS = 30;

    private long generation;
    private MeshObjects objects = MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system");
    private MeshSnapshot snapshot = SnapshotBuilder.empty(MeshSettings.defaults());
    private final Views views =
            new Views(Tuning.defaults(), Duration.ofMinutes(10), InstantSource.system(), (type, streams) -> {});

    private PushBench() {}

    /** Prints median and worst milliseconds of processor time of each kind of change. */
    public static void main(String[] arguments) {
        new PushBench().run(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    }

    private void run(int services, int proxies) {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < services; i++) {
            yaml.append(MeshYaml.service("s" + i).replace("10.96.1.1", "10.96." + i / 250 + "." + (1 + i % 250)));
            yaml.append(pod(i, i));
        }
        report("first state", List.of(time(() -> change(yaml.toString(), Kind.REGISTRY_SERVICE))));
        List<Long> joins = new ArrayList<>();
        for (int i = 0; i < proxies; i++) {
            int number = i;
            joins.add(time(() -> views.join(proxy(number), true, view -> {})));
        }
        report("a view comes", joins);
        List<Long> routes = new ArrayList<>();
        List<Long> endpoints = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            int number = i;
            routes.add(time(() -> change(route(number), Kind.VIRTUAL_SERVICE)));
            endpoints.add(
                    time(() -> change(pod(7, 1_000 + number), Kind.REGISTRY_ENDPOINT_SLICE, Kind.REGISTRY_WORKLOAD)));
        }
        report("a route changes", routes);
        report("an endpoint changes", endpoints);
    }

    private void change(String yaml, Kind... kinds) {
        List<Config<?>> changed = new ArrayList<>();
        new ObjectReader(ReadOptions.DEFAULT)
                .read("bench.yaml", yaml)
                .objects()
                .forEach(object -> changed.add(object.config()));
        MeshObjects.Change change = objects.apply(changed, List.of());
        objects = change.objects();
        snapshot = SnapshotBuilder.update(snapshot, change.changed(), change.removed());
        generation++;
        views.advance(new MeshState(new Generation(1, Map.of("bench", generation)), snapshot, Set.of(kinds), 0));
    }

    private static long time(Runnable task) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        task.run();
        return threads.getCurrentThreadCpuTime() - start;
    }

    private static void report(String what, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        System.out.printf(
                "%-20s n=%-4d p50 %.2f ms, worst %.2f ms%n",
                what, sorted.size(), sorted.get(sorted.size() / 2) / 1e6, sorted.getLast() / 1e6);
    }

    private static String pod(int service, int address) {
        return MeshYaml.pod("s" + service, "s" + service, "10.44." + address / 250 + "." + (1 + address % 250));
    }

    private static Proxy proxy(int number) {
        Node node = Node.newBuilder()
                .setId("sidecar~10.44.0.1~s" + number + "-0.default~default.svc.cluster.local")
                .build();
        if (Proxy.parse(node) instanceof Proxy.Parsed.Accepted(Proxy proxy)) {
            return proxy;
        }
        throw new IllegalStateException(node.getId());
    }

    private static String route(int number) {
        return """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: s3, namespace: default}
            spec: {hosts: [s3], http: [{route: [{destination: {host: s3}}], timeout: %ds}]}
            """.formatted(1 + number);
    }
}
