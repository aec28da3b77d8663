package io.flotilla.config.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.AddressPlan;
import io.flotilla.config.platform.LocalPlatform;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.store.ConfigStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Files to wire to snapshot, step by step, is the same as all at once. */
class SnapshotFeedTest {
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final String[] SHAPES = {
        "{apiVersion: v1, kind: Service, metadata: {name: %s}, spec: {selector: {app: %s}, ports: [{port: 8%d, name: http, targetPort: web}]}}",
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: %s}, spec: {replicas: %3$d, selector: {matchLabels: {app: %2$s}},"
                + " template: {metadata: {labels: {app: %2$s}}, spec: {containers: [{name: x, ports: [{name: web, containerPort: 9%3$d}]}]}}}}",
        "{apiVersion: v1, kind: Endpoints, metadata: {name: %s}, subsets: [{addresses: [{ip: 10.9.9.1%3$d}, {ip: 10.8.8.8,"
                + " targetRef: {kind: Pod, name: %2$s-0}}], ports: [{name: http, port: 9%3$d}]}]}",
        "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: %s-x, labels: {kubernetes.io/service-name: %s}},"
                + " addressType: IPv4, ports: [{name: http, port: 9%3$d}], endpoints: [{addresses: [10.9.9.1%3$d]},"
                + " {addresses: [10.7.7.7], targetRef: {kind: Pod, name: %1$s-1}}]}",
        "{apiVersion: v1, kind: Pod, metadata: {name: %s-pod, labels: {app: %s}}, spec: {nodeName: n%3$d, containers: [{name: c}]},"
                + " status: {podIP: 10.9.9.1%3$d}}",
        "{apiVersion: v1, kind: Node, metadata: {name: n%3$d, labels: {topology.kubernetes.io/region: %s, topology.kubernetes.io/zone: %s}}}",
        "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: %s}, spec: {hosts: [%s], http: [{timeout: 1%ds, route: [{destination: {host: x}}]}]}}",
        "{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: %s}, spec: {host: %s, subsets: [{name: v%d}]}}",
        "{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: %s}, spec: {selector: {app: %s}, servers: [{port: {number: 8%d, name: http, protocol: HTTP}, hosts: ['*']}]}}",
        "{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: %s}, spec: {hosts: [%s.example.com], resolution: STATIC, ports: [{number: 8%d, name: http, protocol: HTTP}], workloadSelector: {labels: {app: %2$s}}}}",
        "{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: %s}, spec: {selector: {matchLabels: {app: %s}}, portLevelMtls: {9%d: {mode: STRICT}}}}",
        "{apiVersion: authentication.istio.io/v1alpha1, kind: Policy, metadata: {name: %s}, spec: {targets: [{name: %s, ports: [{number: 8%d}]}]}}",
    };

    @Property(tries = 100)
    void stepByStepIsTheSameAsAllAtOnce(@ForAll long seed) {
        Random random = new Random(seed);
        ConfigStore store = ConfigStore.empty(ReadOptions.DEFAULT);
        MeshObjects mesh = MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system");
        SnapshotFeed feed = SnapshotFeed.empty(MeshSettings.defaults());
        Map<ObjectKey, Config<?>> expandedBefore = new TreeMap<>();
        for (int step = 0; step < 12; step++) {
            store = store.apply(Map.of("f" + random.nextInt(6), text(random))).store();
            Map<ObjectKey, Config<?>> expanded = new TreeMap<>();
            new LocalPlatform(AddressPlan.DEFAULT)
                    .expand(store.objects(), LocalPlatform::withSidecar)
                    .forEach(config -> expanded.put(config.key(), config));
            Set<ObjectKey> removed = new HashSet<>(expandedBefore.keySet());
            removed.removeAll(expanded.keySet());
            List<Config<?>> differing = new ArrayList<>(expanded.values());
            Map<ObjectKey, Config<?>> before = expandedBefore;
            differing.removeIf(config -> before.containsKey(config.key())
                    && before.get(config.key()).version().equals(config.version()));
            MeshObjects.Change change = mesh.apply(differing, removed);
            expandedBefore = expanded;
            mesh = change.objects();
            SnapshotFeed.Step next = feed.apply(deltas(change.changed(), change.removed()));
            assertThat(next.broken()).isEmpty();
            feed = next.feed();
            // Ask before the next change too, so that what is remembered could be stale.
            observe(feed.snapshot());

            MeshObjects whole = MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system")
                    .apply(List.copyOf(expanded.values()), List.of())
                    .objects();
            SnapshotFeed fresh = SnapshotFeed.empty(MeshSettings.defaults())
                    .apply(deltas(List.copyOf(whole.published()), Set.of()))
                    .feed();
            assertThat(observe(feed.snapshot())).isEqualTo(observe(fresh.snapshot()));
        }
    }

    /** A slice goes from one service and one with the same ports comes to another in one step. */
    @Example
    void slicesThatChangeHands() {
        stepByStepIsTheSameAsAllAtOnce(-270_360);
    }

    private static Optional<String> text(Random random) {
        if (random.nextInt(6) == 0) {
            return Optional.empty();
        }
        List<String> documents = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            documents.add(SHAPES[random.nextInt(SHAPES.length)].formatted(
                    name, NAMES.get(random.nextInt(NAMES.size())), random.nextInt(3)));
        }
        return Optional.of(String.join("\n---\n", documents));
    }

    private static Map<String, SnapshotFeed.Delta> deltas(List<Config<?>> changed, Set<ObjectKey> removed) {
        Map<String, SnapshotFeed.Delta> deltas = new HashMap<>();
        for (Collections.Collection collection : Collections.ALL) {
            Map<String, ByteString> of = new TreeMap<>();
            changed.stream()
                    .filter(config -> config.key().kind().equals(collection.kind()))
                    .forEach(config -> of.put(
                            config.key().resourceName(),
                            Any.pack(Envelopes.wrap(config)).toByteString()));
            Set<String> gone = new HashSet<>();
            removed.stream()
                    .filter(key -> key.kind().equals(collection.kind()))
                    .forEach(key -> gone.add(key.resourceName()));
            deltas.put(collection.typeUrl(), new SnapshotFeed.Delta(of, gone));
        }
        return deltas;
    }

    /** Everything that translation could ask, as text; where things were written does not count. */
    private static String observe(MeshSnapshot snapshot) {
        StringBuilder all = new StringBuilder();
        for (MeshService service : snapshot.services()) {
            all.append(service.hostname())
                    .append(service.addresses())
                    .append(service.ports())
                    .append(service.resolution());
            service.ports().forEach(port -> all.append(snapshot.endpoints(service, port.number())));
            snapshot.destinationRule(service.hostname(), "default").ifPresent(rule -> all.append(rule.spec()));
            all.append('\n');
        }
        snapshot.virtualServices("default")
                .forEach(route -> all.append(route.key()).append(route.spec()));
        for (String name : NAMES) {
            Map<String, String> labels = Map.of("app", name);
            snapshot.gateways(labels).forEach(gateway -> all.append(gateway.spec()));
            snapshot.inboundPorts("default", labels)
                    .forEach(port -> all.append(port.endpointPort())
                            .append(port.service().hostname())
                            .append(port.servicePort()));
            for (int port = 90; port < 93; port++) {
                all.append(snapshot.mtlsMode("default", labels, port));
            }
            all.append(snapshot.workload("default", name + "-0"));
        }
        return all.toString();
    }
}
