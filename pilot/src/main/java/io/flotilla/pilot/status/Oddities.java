package io.flotilla.pilot.status;

import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Groups;
import io.flotilla.pilot.push.Views;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.TreeMap;

/** What the mesh itself shows in metrics: looked at anew only where it is another one, however often it is asked for. */
final class Oddities {
    private static final int CLUSTERS = 2_000;

    private final Views views;
    private final MultiGauge instances;
    private Generation generation = Generation.NONE;
    private Map<String, Map<String, String>> known = Map.of();
    private volatile Map<String, Integer> healthy = Map.of();

    Oddities(Views views, MeterRegistry registry) {
        this.views = views;
        instances = MultiGauge.builder("pilot_xds_eds_instances")
                .description(
                        "healthy endpoints by cluster; of more than " + CLUSTERS + " clusters, those with the fewest")
                .register(registry);
    }

    synchronized int count(String metric) {
        views.mesh().filter(state -> !state.generation().equals(generation)).ifPresent(state -> {
            generation = state.generation();
            known = PushStatus.of(state.snapshot(), state.held());
            Map<String, Integer> before = healthy;
            healthy = healthy(state.snapshot(), state.held());
            if (!before.keySet().equals(healthy.keySet())) {
                // Who asks is in the middle of all meters: those that are new are there the next time.
                Thread.ofVirtual().start(this::renew);
            }
        });
        return known.getOrDefault(metric, Map.of()).size();
    }

    private synchronized void renew() {
        instances.register(
                healthy.keySet().stream()
                        .map(cluster -> MultiGauge.Row.of(
                                Tags.of("cluster", cluster), this, all -> all.healthy.getOrDefault(cluster, 0)))
                        .toList(),
                true);
    }

    private static Map<String, Integer> healthy(MeshSnapshot mesh, Groups held) {
        Map<String, Integer> all = new TreeMap<>();
        for (MeshService service : mesh.services()) {
            if (service.resolution() == MeshService.Resolution.REGISTRY && held.has(service.namespace())) {
                for (ServicePort port : service.ports()) {
                    int count = (int) mesh.endpoints(service, port.number()).stream()
                            .filter(endpoint -> endpoint.health() == MeshEndpoint.Health.HEALTHY)
                            .count();
                    all.put("outbound|" + port.number() + "||" + service.hostname(), count);
                }
            }
        }
        if (all.size() <= CLUSTERS) {
            return all;
        }
        Map<String, Integer> fewest = new TreeMap<>();
        all.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .limit(CLUSTERS)
                .forEach(entry -> fewest.put(entry.getKey(), entry.getValue()));
        return fewest;
    }
}
