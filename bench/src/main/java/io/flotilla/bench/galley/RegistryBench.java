package io.flotilla.bench.galley;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.galley.kubernetes.Pruning;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Publisher;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Processor time from one changed object of a cluster, as its watch tells it, to the published view: a slice, a pod, a
 * Service among many, each with a slice of ten pods. Arguments: how many services in how many namespaces, pair by pair.
 */
public final class RegistryBench {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ENDPOINTS = 10;
    private static final int BATCH = 500;
    private static final int WARM = 100;
    private static final int CHANGES = 200;

    private final Publisher publisher = new Publisher(
            Set.of(SourceName.KUBERNETES),
            ReadOptions.DEFAULT,
            RegistryOptions.DEFAULT,
            "istio-system",
            System::currentTimeMillis);
    private final boolean[] ready;
    private final int services;
    private final int namespaces;

    private RegistryBench(int services, int namespaces) {
        this.services = services;
        this.ready = new boolean[services];
        Arrays.fill(ready, true);
        this.namespaces = namespaces;
    }

    public static void main(String[] args) {
        String[] pairs =
                args.length == 0 ? new String[] {"1000", "100", "10000", "100", "1000", "1", "10000", "1"} : args;
        for (int i = 0; i < pairs.length; i += 2) {
            new RegistryBench(Integer.parseInt(pairs[i]), Integer.parseInt(pairs[i + 1])).run();
        }
    }

    private void run() {
        for (int from = 0; from < services; from += BATCH) {
            Map<String, Optional<String>> documents = new TreeMap<>();
            for (int i = from; i < Math.min(services, from + BATCH); i++) {
                documents.put(name("core/Service", i, ""), kept(Manifests.service(i, namespaces)));
                documents.put(name("discovery.k8s.io/EndpointSlice", i, "-abcde"), slice(i, true));
                for (int pod = 0; pod < ENDPOINTS; pod++) {
                    documents.put(name("core/Pod", i, "-" + pod), pod(i, pod, true));
                }
            }
            publisher.apply(SourceName.KUBERNETES, documents, false);
        }
        publisher.apply(SourceName.KUBERNETES, Map.of(), true);
        measure(
                "slice",
                (service, edit) -> Map.of(
                        name("discovery.k8s.io/EndpointSlice", service, "-abcde"), slice(service, toggled(service))));
        measure("pod", (service, edit) -> Map.of(name("core/Pod", service, "-0"), pod(service, 0, toggled(service))));
        measure("service", (service, edit) -> Map.of(name("core/Service", service, ""), edited(service, edit)));
    }

    private interface Change {
        Map<String, Optional<String>> of(int service, int edit);
    }

    // So that each change is one.
    private boolean toggled(int service) {
        ready[service] = !ready[service];
        return ready[service];
    }

    private Optional<String> edited(int service, int edit) {
        return kept(Manifests.service(service, namespaces)
                .replace("\"labels\":{", "\"labels\":{\"edit\":\"" + edit + "\","));
    }

    private void measure(String what, Change change) {
        long[] nanos = new long[CHANGES];
        for (int i = 0; i < WARM + CHANGES; i++) {
            Map<String, Optional<String>> documents = change.of(i * 7919 % services, i);
            long start = cpu();
            publisher.apply(SourceName.KUBERNETES, documents, true);
            if (i >= WARM) {
                nanos[i - WARM] = cpu() - start;
            }
        }
        Arrays.sort(nanos);
        System.out.printf(
                "%d services in %d namespaces, one %s: p50 %.2f ms, p99 %.2f ms%n",
                services, namespaces, what, nanos[CHANGES / 2] / 1e6, nanos[CHANGES * 99 / 100] / 1e6);
    }

    private String name(String kind, int service, String suffix) {
        return "kubernetes/" + kind + "/ns-" + service % namespaces + "/service-" + service + suffix;
    }

    private Optional<String> slice(int service, boolean ready) {
        String text = Manifests.slice(service, ENDPOINTS, namespaces);
        return kept(ready ? text : text.replaceFirst("\"ready\":true", "\"ready\":false"));
    }

    private Optional<String> pod(int service, int ordinal, boolean ready) {
        return kept(Manifests.pod(service, ENDPOINTS, ordinal, ready, namespaces));
    }

    /** As the Kubernetes source hands it on. */
    private static Optional<String> kept(String object) {
        try {
            return Optional.of(Pruning.kept(JSON.readTree(object)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
