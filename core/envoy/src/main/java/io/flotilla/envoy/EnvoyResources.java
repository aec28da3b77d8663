package io.flotilla.envoy;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.flotilla.envoy.patch.PatchNotes;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy is told, each list sorted by name and without duplicates.
 *
 * @param listeners LDS
 * @param routes    RDS, all that the listeners refer to
 * @param clusters  CDS
 * @param endpoints EDS, for all clusters that ask for it
 * @param extensions ECDS: configurations of filters that can change without a new listener
 * @param notes what patches have done
 */
public record EnvoyResources(
        List<Listener> listeners,
        List<RouteConfiguration> routes,
        List<Cluster> clusters,
        List<ClusterLoadAssignment> endpoints,
        List<TypedExtensionConfig> extensions,
        PatchNotes notes) {
    private static final int FEW = 4;

    /** Of a proxy that is told nothing. */
    public static final EnvoyResources NONE = new EnvoyResources(List.of(), List.of(), List.of(), List.of(), List.of());

    /** Resources that nothing has patched. */
    public EnvoyResources(
            List<Listener> listeners,
            List<RouteConfiguration> routes,
            List<Cluster> clusters,
            List<ClusterLoadAssignment> endpoints,
            List<TypedExtensionConfig> extensions) {
        this(listeners, routes, clusters, endpoints, extensions, PatchNotes.NONE);
    }

    public EnvoyResources {
        listeners = sorted(listeners, Listener::getName);
        routes = sorted(routes, RouteConfiguration::getName);
        clusters = sorted(clusters, Cluster::getName);
        endpoints = sorted(endpoints, ClusterLoadAssignment::getClusterName);
        extensions = sorted(extensions, TypedExtensionConfig::getName);
    }

    /** The same with other listeners. */
    public EnvoyResources withListeners(List<Listener> others) {
        return new EnvoyResources(others, routes, clusters, endpoints, extensions, notes);
    }

    /** The same with other routes. */
    public EnvoyResources withRoutes(List<RouteConfiguration> others) {
        return new EnvoyResources(listeners, others, clusters, endpoints, extensions, notes);
    }

    /** The same with other clusters. */
    public EnvoyResources withClusters(List<Cluster> others) {
        return new EnvoyResources(listeners, routes, others, endpoints, extensions, notes);
    }

    /** The same with other configurations of filters. */
    public EnvoyResources withExtensions(List<TypedExtensionConfig> others) {
        return new EnvoyResources(listeners, routes, clusters, endpoints, others, notes);
    }

    /** The same with other notes. */
    public EnvoyResources with(PatchNotes others) {
        return others.equals(notes)
                ? this
                : new EnvoyResources(listeners, routes, clusters, endpoints, extensions, others);
    }

    /** Sorted by name; the first of several resources of one name stays, since services come oldest first. */
    public static <T> List<T> sorted(List<T> resources, Function<? super T, String> name) {
        if (resources instanceof Sorted<T>) {
            return resources;
        }
        if (ascending(resources, name)) {
            return new Sorted<>(List.copyOf(resources));
        }
        List<T> grouped = grouped(resources, name);
        if (ascending(grouped, name)) {
            return new Sorted<>(grouped);
        }
        TreeMap<String, T> byName = new TreeMap<>();
        resources.forEach(resource -> byName.putIfAbsent(name.apply(resource), resource));
        return new Sorted<>(List.copyOf(byName.values()));
    }

    /** A sorted list with others in the place of those of the same name; empty where some name is not there. */
    static <T> Optional<List<T>> replaced(List<T> sorted, List<T> others, Function<? super T, String> name) {
        List<T> all = new ArrayList<>(sorted);
        boolean same = true;
        for (T other : others) {
            int at = index(sorted, name.apply(other), name);
            if (at < 0) {
                return Optional.empty();
            }
            same &= all.set(at, other) == other;
        }
        return Optional.of(same ? sorted : new Sorted<>(all));
    }

    /**
     * A sorted list of resources that are named "...|HOST", with others in the place of all those of some hosts; this very
     * list where nothing differs.
     */
    @SuppressWarnings("ReferenceEquality") // the very same is what is asked
    static <T> List<T> replaced(List<T> sorted, Set<String> hosts, List<T> others, Function<? super T, String> name) {
        TreeMap<String, T> made = new TreeMap<>();
        others.forEach(other -> made.putIfAbsent(name.apply(other), other));
        List<T> all = new ArrayList<>(sorted.size() + made.size());
        boolean same = true;
        Map.@Nullable Entry<String, T> next = made.pollFirstEntry();
        for (T each : sorted) {
            String known = name.apply(each);
            int order = next == null ? 1 : next.getKey().compareTo(known);
            while (next != null && order < 0) {
                all.add(next.getValue());
                same = false;
                next = made.pollFirstEntry();
                order = next == null ? 1 : next.getKey().compareTo(known);
            }
            if (next != null && order == 0) {
                same &= next.getValue() == each;
                all.add(next.getValue());
                next = made.pollFirstEntry();
            } else if (ofOne(known, hosts)) {
                same = false;
            } else {
                all.add(each);
            }
        }
        for (; next != null; next = made.pollFirstEntry()) {
            all.add(next.getValue());
            same = false;
        }
        return same ? sorted : new Sorted<>(all);
    }

    // Asked of every resource of the mesh, so that few hosts are compared in place.
    private static boolean ofOne(String name, Set<String> hosts) {
        if (hosts.size() > FEW) {
            return hosts.contains(name.substring(name.lastIndexOf('|') + 1));
        }
        for (String host : hosts) {
            int bar = name.length() - host.length() - 1;
            if (name.endsWith(host) && (bar < 0 || name.charAt(bar) == '|')) {
                return true;
            }
        }
        return false;
    }

    /** A sorted list with some more; where one has a name that is there, the one that is there stays. */
    static <T> List<T> merged(List<T> sorted, List<T> others, Function<? super T, String> name) {
        List<T> all = new ArrayList<>(sorted.size() + others.size());
        int from = 0;
        for (T other : sorted(others, name)) {
            int at = index(sorted, name.apply(other), name);
            if (at < 0) {
                all.addAll(sorted.subList(from, -at - 1));
                all.add(other);
                from = -at - 1;
            }
        }
        all.addAll(sorted.subList(from, sorted.size()));
        return new Sorted<>(all);
    }

    // Where it is, or as a negative number where it would be.
    private static <T> int index(List<T> sorted, String wanted, Function<? super T, String> name) {
        int low = 0;
        int high = sorted.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = name.apply(sorted.get(middle)).compareTo(wanted);
            if (order == 0) {
                return middle;
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    // Services come sorted by host, and names are "outbound|PORT|SUBSET|HOST": what comes before the host decides
    // first.
    private static <T> List<T> grouped(List<T> resources, Function<? super T, String> name) {
        TreeMap<String, List<T>> groups = new TreeMap<>();
        for (T resource : resources) {
            String all = name.apply(resource);
            groups.computeIfAbsent(all.substring(0, all.lastIndexOf('|') + 1), group -> new ArrayList<>())
                    .add(resource);
        }
        return groups.values().stream().flatMap(List::stream).toList();
    }

    /** A list that is known to be in order: thousands of views hand it on, and nobody looks again. */
    private static final class Sorted<T> extends AbstractList<T> implements RandomAccess {
        private final List<T> all;

        private Sorted(List<T> all) {
            this.all = all;
        }

        @Override
        public T get(int index) {
            return all.get(index);
        }

        @Override
        public int size() {
            return all.size();
        }

        // Steps copy a list and compare it with the one before: both read its elements at once.
        @Override
        public Object[] toArray() {
            return all.toArray();
        }

        @Override
        public Iterator<T> iterator() {
            return all.iterator();
        }
    }

    private static <T> boolean ascending(List<T> resources, Function<? super T, String> name) {
        String last = "";
        for (T resource : resources) {
            String next = name.apply(resource);
            if (last.compareTo(next) >= 0) {
                return false;
            }
            last = next;
        }
        return true;
    }

    /** The resources of one type. */
    public List<? extends Message> of(ResourceType type) {
        return switch (type) {
            case LISTENER -> listeners;
            case ROUTE -> routes;
            case CLUSTER -> clusters;
            case ENDPOINT -> endpoints;
            case EXTENSION -> extensions;
        };
    }

    /** The name by which a resource is asked for. */
    public static String name(Message resource) {
        return switch (resource) {
            case Listener listener -> listener.getName();
            case RouteConfiguration routes -> routes.getName();
            case Cluster cluster -> cluster.getName();
            case ClusterLoadAssignment assignment -> assignment.getClusterName();
            case TypedExtensionConfig extension -> extension.getName();
            default -> throw new IllegalArgumentException("no resource of Envoy: " + resource.getClass());
        };
    }
}
