package io.flotilla.envoy;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a proxy is told, each list sorted by name and without duplicates.
 *
 * @param listeners LDS
 * @param routes    RDS, all that the listeners refer to
 * @param clusters  CDS
 * @param endpoints EDS, for all clusters that ask for it
 */
public record EnvoyResources(
        List<Listener> listeners,
        List<RouteConfiguration> routes,
        List<Cluster> clusters,
        List<ClusterLoadAssignment> endpoints) {
    public EnvoyResources {
        listeners = sorted(listeners, Listener::getName);
        routes = sorted(routes, RouteConfiguration::getName);
        clusters = sorted(clusters, Cluster::getName);
        endpoints = sorted(endpoints, ClusterLoadAssignment::getClusterName);
    }

    // The first of several resources of one name stays: services come oldest first.
    private static <T> List<T> sorted(Collection<T> resources, Function<T, String> name) {
        TreeMap<String, T> byName = new TreeMap<>(Comparator.naturalOrder());
        resources.forEach(resource -> byName.putIfAbsent(name.apply(resource), resource));
        return List.copyOf(byName.values());
    }

    /** The resources of one type. */
    public List<? extends Message> of(ResourceType type) {
        return switch (type) {
            case LISTENER -> listeners;
            case ROUTE -> routes;
            case CLUSTER -> clusters;
            case ENDPOINT -> endpoints;
        };
    }

    /** The name by which a resource is asked for. */
    public static String name(Message resource) {
        return switch (resource) {
            case Listener listener -> listener.getName();
            case RouteConfiguration routes -> routes.getName();
            case Cluster cluster -> cluster.getName();
            case ClusterLoadAssignment assignment -> assignment.getClusterName();
            default -> throw new IllegalArgumentException("no resource of Envoy: " + resource.getClass());
        };
    }
}
