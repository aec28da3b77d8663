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
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    /** To look a name up costs as much as to look at so many. */
    private static final int LOOKUP = 8;

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
        return Optional.of(
                same ? sorted : new Sorted<>(all, sorted instanceof Sorted<T> known ? known.beginnings : null));
    }

    /**
     * A sorted list of resources that are named "...|HOST", with others in the place of all those of some hosts; this very
     * list where nothing differs.
     */
    static <T> List<T> replaced(List<T> sorted, Set<String> hosts, List<T> others, Function<? super T, String> name) {
        TreeMap<String, @Nullable T> edits = new TreeMap<>();
        Set<String> before = beginnings(sorted, name);
        ofHosts(sorted, hosts, before, name).forEach(known -> edits.put(known, null));
        Map<String, T> made = new HashMap<>();
        others.forEach(other -> made.putIfAbsent(name.apply(other), other));
        edits.putAll(made);
        List<T> after = edited(sorted, edits, name);
        return after == sorted ? sorted : new Sorted<>(after, more(before, made.keySet(), after.size()));
    }

    // Costs a copy of references, and of the rest only what the edits are many.
    @SuppressWarnings("ReferenceEquality") // the very same is what is asked
    private static <T> List<T> edited(
            List<T> sorted, SortedMap<String, @Nullable T> edits, Function<? super T, String> name) {
        List<T> all = new ArrayList<>(sorted.size() + edits.size());
        boolean same = true;
        int from = 0;
        for (Map.Entry<String, @Nullable T> edit : edits.entrySet()) {
            int found = index(sorted, edit.getKey(), name);
            int at = found >= 0 ? found : -found - 1;
            T now = edit.getValue();
            same &= found >= 0 && now == sorted.get(at);
            all.addAll(sorted.subList(from, at));
            if (now != null) {
                all.add(now);
            }
            from = found >= 0 ? at + 1 : at;
        }
        all.addAll(sorted.subList(from, sorted.size()));
        return same ? sorted : all;
    }

    /** Names of the resources of some hosts: looked up, or looked for where that were many. */
    private static <T> List<String> ofHosts(
            List<T> sorted, Set<String> hosts, Set<String> beginnings, Function<? super T, String> name) {
        return (long) beginnings.size() * hosts.size() * LOOKUP < sorted.size()
                ? hosts.stream()
                        .flatMap(host -> beginnings.stream().map(each -> each + host))
                        .filter(known -> index(sorted, known, name) >= 0)
                        .toList()
                : sorted.stream()
                        .map(name)
                        .filter(known ->
                                hosts.contains(known.substring(beginning(known).length())))
                        .toList();
    }

    /** What stands before the host in names of a list, and maybe more. */
    private static <T> Set<String> beginnings(List<T> sorted, Function<? super T, String> name) {
        if (!(sorted instanceof Sorted<T> known)) {
            return beginnings(sorted.stream().map(name));
        }
        Set<String> beginnings = known.beginnings;
        if (beginnings == null) {
            beginnings = beginnings(sorted.stream().map(name));
            known.beginnings = beginnings;
        }
        return beginnings;
    }

    private static Set<String> beginnings(Stream<String> names) {
        return names.map(EnvoyResources::beginning).collect(Collectors.toUnmodifiableSet());
    }

    private static String beginning(String name) {
        return name.substring(0, name.lastIndexOf('|') + 1);
    }

    // Those that no name has any more do no harm, until they are too many.
    private static @Nullable Set<String> more(Set<String> beginnings, Set<String> names, int most) {
        Set<String> others = beginnings(names.stream());
        if (beginnings.containsAll(others)) {
            return beginnings;
        }
        Set<String> all = new HashSet<>(beginnings);
        all.addAll(others);
        return all.size() > most ? null : all;
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
        // What stands before hosts in names, and maybe more; null until somebody asks.
        private volatile @Nullable Set<String> beginnings;

        private Sorted(List<T> all) {
            this(all, null);
        }

        private Sorted(List<T> all, @Nullable Set<String> beginnings) {
            this.all = all;
            this.beginnings = beginnings;
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

        @Override
        public List<T> subList(int from, int to) {
            return all.subList(from, to);
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
