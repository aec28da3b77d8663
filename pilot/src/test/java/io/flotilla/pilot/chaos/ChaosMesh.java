package io.flotilla.pilot.chaos;

import io.flotilla.config.feed.Collections;
import io.flotilla.config.feed.Envelopes;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceDiff;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.discovery.client.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A mesh that is edited at random, never into something that refers to what is not there. It knows of each generation
 * which clusters exist in it.
 */
final class ChaosMesh {
    private static final int SERVICES = 15;

    private final Random random;
    private final TreeMap<Integer, Service> services = new TreeMap<>();
    private final ConcurrentSkipListMap<Long, Set<String>> clusters = new ConcurrentSkipListMap<>();
    private Map<String, ResourceSet> sets = Map.of();
    private long sequence;

    /**
     * One host.
     *
     * @param subsets that its DestinationRule has; none: there is no rule
     * @param used    the subset that its VirtualService leads to; 0: there is none
     */
    private record Service(List<Integer> endpoints, Set<Integer> subsets, int used, int weight) {}

    ChaosMesh(Random random) {
        this.random = random;
    }

    static String host(int number) {
        return "s" + number + ".mesh.example";
    }

    /** Whether a generation has a cluster. */
    boolean has(long generation, String cluster) {
        return clusters.getOrDefault(generation, Set.of()).contains(cluster);
    }

    long generation() {
        return sequence;
    }

    /** The first state: every service, plain. */
    Update first() {
        for (int i = 0; i < SERVICES; i++) {
            services.put(i, new Service(List.of(i), Set.of(), 0, 1));
        }
        return publish(services.keySet());
    }

    /** Some objects of one service, or of two, change together. */
    Update edit() {
        Set<Integer> touched = new TreeSet<>();
        for (int i = random.nextInt(4) == 0 ? 2 : 1; i > 0; i--) {
            int number = random.nextInt(SERVICES);
            touched.add(number);
            Service before = services.get(number);
            if (before == null) {
                services.put(number, new Service(List.of(random.nextInt(250)), Set.of(), 0, 1));
            } else {
                edit(number, before);
            }
        }
        return publish(touched);
    }

    private void edit(int number, Service service) {
        int subset = 1 + random.nextInt(3);
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 ->
                services.put(
                        number,
                        new Service(
                                random.ints(1 + random.nextInt(4), 0, 250)
                                        .distinct()
                                        .boxed()
                                        .toList(),
                                service.subsets(),
                                service.used(),
                                service.weight()));
            case 4 -> {
                if (services.size() > 2) {
                    services.remove(number);
                }
            }
            // The route leads to a subset that comes with it; the one that it led to may go with it.
            case 5, 6, 7 ->
                services.put(number, new Service(service.endpoints(), Set.of(subset), subset, service.weight()));
            case 8 ->
                services.put(
                        number,
                        new Service(service.endpoints(), Set.of(1, 2, 3), service.used(), 1 + random.nextInt(90)));
            default -> services.put(number, new Service(service.endpoints(), Set.of(), 0, 1));
        }
    }

    private Update publish(Set<Integer> touched) {
        sequence++;
        clusters.put(
                sequence,
                services.entrySet().stream()
                        .flatMap(each -> clusters(each.getKey(), each.getValue()))
                        .collect(Collectors.toSet()));
        Map<ObjectKey, Config<?>> now = new HashMap<>();
        new ObjectReader(ReadOptions.DEFAULT)
                .read(
                        "chaos.yaml",
                        touched.stream()
                                .filter(services::containsKey)
                                .map(this::yaml)
                                .collect(Collectors.joining()))
                .objects()
                .forEach(object -> now.put(object.config().key(), object.config()));
        Map<String, ResourceSet> after = new HashMap<>(sets);
        Map<String, ResourceDiff> changes = new HashMap<>();
        for (Kind kind : List.of(Kind.SERVICE_ENTRY, Kind.DESTINATION_RULE, Kind.VIRTUAL_SERVICE)) {
            String url = Collections.of(kind).orElseThrow().typeUrl();
            List<Resource> changed = new ArrayList<>();
            List<String> removed = new ArrayList<>();
            for (int number : touched) {
                ObjectKey key = ObjectKey.of(kind, "default", "s" + number);
                Config<?> config = now.get(key);
                if (config == null) {
                    removed.add(key.resourceName());
                } else {
                    changed.add(Resource.of(key.resourceName(), Envelopes.wrap(config)));
                }
            }
            ResourceSet before = sets.getOrDefault(url, ResourceSet.EMPTY);
            ResourceSet next = before.with(changed, removed);
            after.put(url, next);
            changes.put(url, ResourceDiff.between(before, next));
        }
        sets = after;
        return new Update(new View(new Generation(1, Map.of("chaos", sequence)), after), changes);
    }

    private static Stream<String> clusters(int number, Service service) {
        return Stream.concat(
                Stream.of("outbound|80||" + host(number)),
                service.subsets().stream().map(subset -> "outbound|80|v" + subset + "|" + host(number)));
    }

    private String yaml(int number) {
        Service service = services.getOrDefault(number, new Service(List.of(), Set.of(), 0, 1));
        StringBuilder yaml = new StringBuilder("""
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: s%d, namespace: default}
            spec:
              hosts: [%s]
              location: MESH_INTERNAL
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints:
            """.formatted(number, host(number)));
        service.endpoints()
                .forEach(address -> yaml.append("  - {address: 10.1.")
                        .append(number)
                        .append('.')
                        .append(address)
                        .append(", labels: {version: v")
                        .append(1 + address % 3)
                        .append("}}\n"));
        yaml.append("---\n");
        if (!service.subsets().isEmpty()) {
            yaml.append("apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: s")
                    .append(number)
                    .append(", namespace: default}\nspec:\n  host: ")
                    .append(host(number))
                    .append("\n  subsets:\n");
            service.subsets()
                    .forEach(subset -> yaml.append("  - {name: v%1$d, labels: {version: v%1$d}}%n".formatted(subset)));
            yaml.append("---\n");
        }
        if (service.used() > 0) {
            yaml.append("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: s%1$d, namespace: default}
                spec:
                  hosts: [%2$s]
                  http:
                  - route:
                    - {destination: {host: %2$s, subset: v%3$d}, weight: %4$d}
                    - {destination: {host: %2$s}, weight: %5$d}
                ---
                """.formatted(number, host(number), service.used(), service.weight(), 100 - service.weight()));
        }
        return yaml.toString();
    }
}
