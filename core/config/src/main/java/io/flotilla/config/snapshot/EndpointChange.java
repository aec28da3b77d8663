package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.registry.v1.EndpointSlice;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change after which some services have other endpoints, and nothing else is other than before: no service, no port
 * that a workload listens on, no label by which something is chosen.
 *
 * @param hosts       whose endpoints may differ
 * @param definitions by key, of services that are the very same
 * @param before      slices that are gone or have changed
 * @param after       slices that are new or have changed
 * @param workloads   whether workloads became ready, or cease to be
 */
record EndpointChange(
        Set<String> hosts,
        Map<ObjectKey, List<ServiceDefinition>> definitions,
        List<Config<EndpointSlice>> before,
        List<Config<EndpointSlice>> after,
        boolean workloads) {

    /**
     * The change between two tables of objects; empty where it may be more than endpoints.
     *
     * @param touched of ServiceEntries those of which {@link #endpointsOnly} holds
     */
    static Optional<EndpointChange> of(IndexedSnapshot previous, ObjectTable objects, Set<ObjectKey> touched) {
        Reading reading = new Reading(previous, objects);
        return touched.stream().allMatch(reading::takes) && reading.samePorts()
                ? Optional.of(new EndpointChange(
                        reading.hosts, reading.definitions, reading.before, reading.after, reading.workloads))
                : Optional.empty();
    }

    /** Whether of a ServiceEntry nothing but its endpoints may have changed. */
    static boolean endpointsOnly(@Nullable Config<?> then, @Nullable Config<?> now) {
        return then != null
                && now != null
                && then.spec() instanceof ServiceEntry before
                && now.spec() instanceof ServiceEntry after
                && bare(before).equals(bare(after));
    }

    private static ServiceEntry bare(ServiceEntry entry) {
        return entry.toBuilder().clearEndpoints().build();
    }

    private static final class Reading {
        private final IndexedSnapshot previous;
        private final ServiceIndex services;
        private final ObjectTable objects;
        private final Set<String> hosts = new HashSet<>();
        private final Map<ObjectKey, List<ServiceDefinition>> definitions = new HashMap<>();
        private final List<Config<EndpointSlice>> before = new ArrayList<>();
        private final List<Config<EndpointSlice>> after = new ArrayList<>();
        private boolean workloads;

        Reading(IndexedSnapshot previous, ObjectTable objects) {
            this.previous = previous;
            this.services = previous.indexes().services();
            this.objects = objects;
        }

        @SuppressWarnings("unchecked") // the kind says what an object holds
        boolean takes(ObjectKey key) {
            Config<?> then = previous.objects().get(key);
            Config<?> now = objects.get(key);
            if (key.kind().equals(Kind.REGISTRY_ENDPOINT_SLICE)) {
                return slice((Config<EndpointSlice>) then, (Config<EndpointSlice>) now);
            }
            if (then == null || now == null) {
                return false;
            }
            if (key.kind().equals(Kind.SERVICE_ENTRY)) {
                return entry((Config<ServiceEntry>) then, (Config<ServiceEntry>) now);
            }
            return key.kind().equals(Kind.REGISTRY_WORKLOAD)
                    && workload((Config<Workload>) then, (Config<Workload>) now);
        }

        private boolean entry(Config<ServiceEntry> then, Config<ServiceEntry> now) {
            List<ServiceDefinition> before = services.of(then.key());
            List<ServiceDefinition> kept = saysTheSame(then, now)
                    ? before.stream()
                            .<ServiceDefinition>map(each -> new ServiceDefinition.Declared(each.service(), now))
                            .toList()
                    : SnapshotBuilder.kept(before, making().declared(now));
            definitions.put(now.key(), kept);
            kept.forEach(each -> hosts.add(each.service().hostname()));
            return ServiceIndex.sameServices(before, kept);
        }

        // What services have of an entry beside its spec.
        private static boolean saysTheSame(Config<ServiceEntry> then, Config<ServiceEntry> now) {
            return then.origin().equals(now.origin()) && then.labels().equals(now.labels());
        }

        private ServiceDefinitions making() {
            return new ServiceDefinitions(previous.settings(), SnapshotBuilder.mesh(objects), objects);
        }

        private boolean slice(@Nullable Config<EndpointSlice> then, @Nullable Config<EndpointSlice> now) {
            if (then != null) {
                before.add(then);
                serving(then);
            }
            if (now != null) {
                after.add(now);
                serving(now);
            }
            return true;
        }

        private void serving(Config<EndpointSlice> slice) {
            services.inNamespace(slice.namespace()).stream()
                    .filter(each -> each.service().name().equals(slice.spec().getService()))
                    .forEach(each -> hosts.add(each.service().hostname()));
        }

        private boolean workload(Config<Workload> then, Config<Workload> now) {
            workloads = true;
            services.inNamespace(now.namespace()).stream()
                    .filter(each -> each instanceof ServiceDefinition.Declared
                            && !each.selector().isEmpty())
                    .forEach(each -> hosts.add(each.service().hostname()));
            return then.labels().equals(now.labels()) && bare(then.spec()).equals(bare(now.spec()));
        }

        private static Workload bare(Workload workload) {
            return workload.toBuilder().clearReady().clearTerminating().build();
        }

        /**
         * A named port of a workload may be known from slices alone: from the first of its service that has it. So those
         * that come say what those that go said, and all of the service say the same.
         */
        boolean samePorts() {
            Map<Served, Set<Map<String, Integer>>> then = ports(before);
            return then.equals(ports(after))
                    && then.entrySet().stream()
                            .allMatch(each -> each.getValue().size() == 1
                                    && previous
                                            .indexes()
                                            .endpoints()
                                            .slices(
                                                    each.getKey().namespace(),
                                                    each.getKey().service())
                                            .stream()
                                            .allMatch(slice -> each.getValue()
                                                    .contains(slice.spec().getPortsMap())));
        }

        private record Served(String namespace, String service) {}

        private static Map<Served, Set<Map<String, Integer>>> ports(List<Config<EndpointSlice>> slices) {
            Map<Served, Set<Map<String, Integer>>> ports = new HashMap<>();
            slices.forEach(slice -> ports.computeIfAbsent(
                            new Served(slice.namespace(), slice.spec().getService()), each -> new HashSet<>())
                    .add(slice.spec().getPortsMap()));
            return ports;
        }
    }
}
