package io.flotilla.bench.galley;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.galley.kubernetes.Pruning;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Publisher;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The live heap of a registry as a cluster tells it: services with one EndpointSlice of ten endpoints each. Argument:
 * how many services.
 */
public final class HeapBench {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ENDPOINTS = 10;
    private static final int NAMESPACES = 100;
    private static final int BATCH = 500;
    private static final double MIB = 1024.0 * 1024.0;

    private HeapBench() {}

    public static void main(String[] args) {
        int services = args.length == 0 ? 10_000 : Integer.parseInt(args[0]);
        double before = live();
        Publisher publisher = new Publisher(
                Set.of(SourceName.KUBERNETES),
                ReadOptions.DEFAULT,
                RegistryOptions.DEFAULT,
                "istio-system",
                System::currentTimeMillis);
        long begin = System.nanoTime();
        for (int from = 0; from < services; from += BATCH) {
            Map<String, Optional<String>> documents = new TreeMap<>();
            for (int i = from; i < Math.min(services, from + BATCH); i++) {
                documents.put(
                        "kubernetes/core/Service/ns-" + i % NAMESPACES + "/service-" + i,
                        Optional.of(Manifests.service(i, NAMESPACES)));
                documents.put(
                        "kubernetes/discovery.k8s.io/EndpointSlice/ns-" + i % NAMESPACES + "/service-" + i + "-abcde",
                        Optional.of(kept(Manifests.slice(i, ENDPOINTS, NAMESPACES))));
            }
            publisher.apply(SourceName.KUBERNETES, documents, false);
        }
        Publisher.Outcome last = publisher.apply(SourceName.KUBERNETES, Map.of(), true);
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "%d services, %d endpoints: %d published objects, %.0f MiB of live heap, read in %.1f s%n",
                services, services * ENDPOINTS, last.held().mesh().published().size(), live() - before, seconds);
        change(publisher, services);
        if (publisher.hashCode() == last.hashCode()) {
            System.out.println("both are still held");
        }
    }

    /** As the Kubernetes source hands it on. */
    private static String kept(String object) {
        try {
            return Pruning.kept(JSON.readTree(object));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One endpoint's change, as a watch tells it. */
    private static void change(Publisher publisher, int services) {
        long[] nanos = new long[500];
        for (int i = 0; i < nanos.length; i++) {
            int which = (int) (i * 7919L % services);
            String text = kept(
                    Manifests.slice(which, ENDPOINTS, NAMESPACES).replaceFirst("\"ready\":true", "\"ready\":false"));
            long start = System.nanoTime();
            publisher.apply(
                    SourceName.KUBERNETES,
                    Map.of(
                            "kubernetes/discovery.k8s.io/EndpointSlice/ns-" + which % NAMESPACES + "/service-" + which
                                    + "-abcde",
                            Optional.of(text)),
                    true);
            nanos[i] = System.nanoTime() - start;
        }
        java.util.Arrays.sort(nanos);
        System.out.printf(
                "one slice: p50 %.2f ms, p99 %.2f ms%n",
                nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 99 / 100] / 1e6);
    }

    private static double live() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MIB;
    }
}
