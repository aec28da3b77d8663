package io.flotilla.envoy.dump;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.flotilla.envoy.ResourceCache;
import io.flotilla.envoy.ResourceType;
import io.flotilla.envoy.dump.ConfigDump.Entry;
import io.flotilla.envoy.route.DiscoveredHosts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy is told, beside what it holds. Content is compared, never a version: a version says what was sent, not
 * what is in force.
 */
public final class Comparison {
    private Comparison() {}

    /** All differences, by type (clusters, listeners, routes, endpoints, extensions) and name; empty where there is none. */
    public static List<Difference> between(ConfigDump told, ConfigDump held) {
        List<Difference> found = new ArrayList<>();
        for (ResourceType type : order()) {
            SortedMap<String, Entry> wanted = new TreeMap<>(told.of(type));
            SortedMap<String, Entry> present = new TreeMap<>(held.of(type));
            if (type == ResourceType.ENDPOINT) {
                Set<String> discovered = discovered(told, held);
                wanted.keySet().retainAll(discovered);
                present.keySet().retainAll(discovered);
            }
            if (type == ResourceType.EXTENSION) {
                wanted.keySet()
                        .retainAll(AskedExtensions.of(held.of(ResourceType.LISTENER).values().stream()
                                .map(Entry::message)
                                .toList()));
            }
            Set<String> names = new TreeSet<>(wanted.keySet());
            names.addAll(present.keySet());
            names.forEach(name -> compare(type, name, wanted.get(name), present.get(name), found));
        }
        return List.copyOf(found);
    }

    /** The types in the order in which they are told. */
    public static List<ResourceType> order() {
        return List.of(
                ResourceType.CLUSTER,
                ResourceType.LISTENER,
                ResourceType.ROUTE,
                ResourceType.ENDPOINT,
                ResourceType.EXTENSION);
    }

    // A dump has endpoints of every cluster, however it came to them; those of a cluster that is not held say nothing
    // more than that.
    private static Set<String> discovered(ConfigDump told, ConfigDump held) {
        Set<String> names = discovered(told);
        names.retainAll(discovered(held));
        return names;
    }

    private static Set<String> discovered(ConfigDump dump) {
        return dump.of(ResourceType.CLUSTER).values().stream()
                .map(entry -> (Cluster) entry.message())
                .filter(cluster -> cluster.getType() == Cluster.DiscoveryType.EDS)
                .map(cluster -> cluster.getEdsClusterConfig().getServiceName().isEmpty()
                        ? cluster.getName()
                        : cluster.getEdsClusterConfig().getServiceName())
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static void compare(
            ResourceType type, String name, @Nullable Entry told, @Nullable Entry held, List<Difference> found) {
        if (told == null || held == null) {
            Difference.Kind kind = told == null ? Difference.Kind.NOT_TOLD : Difference.Kind.NOT_HELD;
            found.add(new Difference(type, name, kind, List.of()));
            return;
        }
        Message wanted = told.message();
        Message present = held.message();
        if (wanted instanceof RouteConfiguration whole
                && present instanceof RouteConfiguration routes
                && routes.hasVhds()) {
            wanted = byName(asDiscovered(whole, routes));
            present = byName(routes);
        }
        // Almost all are, and their text is what takes long.
        List<String> lines = wanted.equals(present)
                ? List.of()
                : UnifiedDiff.of(ResourceText.of(wanted), ResourceText.of(present), ResourceText::same);
        if (!lines.isEmpty()) {
            found.add(new Difference(type, name, Difference.Kind.OTHER, lines));
        } else if (held.warming()) {
            found.add(new Difference(type, name, Difference.Kind.WARMING, lines));
        }
    }

    // A proxy that discovers virtual hosts holds those that somebody called, and they all have names of their own.
    private static RouteConfiguration asDiscovered(RouteConfiguration whole, RouteConfiguration held) {
        DiscoveredHosts parts = DiscoveredHosts.of(whole, ResourceCache.none());
        Set<String> called =
                held.getVirtualHostsList().stream().map(VirtualHost::getName).collect(Collectors.toSet());
        return parts.base().toBuilder()
                .addAllVirtualHosts(parts.hosts().stream()
                        .filter(host -> called.contains(host.getName()))
                        .toList())
                .build();
    }

    private static RouteConfiguration byName(RouteConfiguration routes) {
        List<VirtualHost> hosts = routes.getVirtualHostsList().stream()
                .sorted(Comparator.comparing(VirtualHost::getName))
                .toList();
        return routes.toBuilder().clearVirtualHosts().addAllVirtualHosts(hosts).build();
    }
}
