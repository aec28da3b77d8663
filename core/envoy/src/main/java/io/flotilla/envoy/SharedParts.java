package io.flotilla.envoy;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Moves;
import io.flotilla.envoy.cluster.OutboundClusters;
import io.flotilla.envoy.endpoint.LoadAssignments;
import io.flotilla.envoy.filter.Collectors;
import io.flotilla.envoy.listener.OutboundListeners;
import io.flotilla.envoy.route.OutboundRoutes;
import io.flotilla.envoy.telemetry.Observations;
import io.flotilla.envoy.wasm.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the views of a namespace have in common, made once for all of them. Each part is made for a view that is reduced
 * to what the part depends on, so it cannot depend on more.
 */
final class SharedParts {
    private SharedParts() {}

    /**
     * For whom a part is.
     *
     * @param reduced the view without what does not matter
     * @param sidecar by which the part is chosen
     */
    private record Part(ProxyView reduced, Optional<ObjectKey> sidecar) {}

    private record ClustersFor(Part part) {}

    private record EndpointsFor(Part part) {}

    private record RoutesFor(Part part) {}

    private record ListenersFor(Part part) {}

    /** Clusters of services and collectors. */
    static List<Cluster> outboundClusters(Scope scope) {
        return scope.caches().round().get(new ClustersFor(part(scope, clientLabels(scope), "")), key -> {
            Scope part = scope.with(key.part().reduced());
            return scope.caches()
                    .steps()
                    .clusters()
                    .of(
                            key,
                            key.part().sidecar().isEmpty(),
                            (before, moved) -> recluster(part, before, moved.services()),
                            () -> clusters(part, part.services()));
        });
    }

    private static List<Cluster> clusters(Scope part, List<MeshService> services) {
        List<Cluster> clusters = new ArrayList<>(OutboundClusters.of(part, services));
        clusters.addAll(Collectors.clusters(part));
        return EnvoyResources.sorted(clusters, Cluster::getName);
    }

    static List<ClusterLoadAssignment> endpoints(Scope scope) {
        return scope.caches().round().get(new EndpointsFor(near(scope)), key -> {
            Scope part = scope.with(key.part().reduced());
            return scope.caches()
                    .steps()
                    .endpoints()
                    .of(
                            key,
                            key.part().sidecar().isEmpty(),
                            (before, moved) -> step(part, before, moved),
                            () -> EnvoyResources.sorted(
                                    LoadAssignments.of(part), ClusterLoadAssignment::getClusterName));
        });
    }

    private record Stepped(Identity before, Set<String> hosts, List<? extends Message> made) {}

    // Where services and rules are what they were, each new assignment takes the place of one of the same name.
    private static Optional<List<ClusterLoadAssignment>> step(
            Scope part, List<ClusterLoadAssignment> before, Moves moved) {
        if (part.sidecar().isPresent() && !moved.services().isEmpty()) {
            return Optional.empty();
        }
        Set<String> hosts = new TreeSet<>(moved.services());
        hosts.addAll(moved.endpoints());
        List<ClusterLoadAssignment> made = LoadAssignments.of(part, services(part, hosts));
        return part.caches()
                .round()
                .get(
                        new Stepped(Identity.of(before), hosts, made),
                        key -> moved.services().isEmpty()
                                ? EnvoyResources.replaced(before, made, ClusterLoadAssignment::getClusterName)
                                : Optional.of(EnvoyResources.replaced(
                                        before, hosts, made, ClusterLoadAssignment::getClusterName)));
    }

    private static List<MeshService> services(Scope part, Set<String> hosts) {
        return hosts.stream().flatMap(host -> part.service(host).stream()).toList();
    }

    // What a Sidecar imports may follow from any service.
    private static Optional<List<Cluster>> recluster(Scope part, List<Cluster> before, Set<String> moved) {
        if (part.sidecar().isPresent()) {
            return Optional.empty();
        }
        Set<String> hosts = new TreeSet<>(moved);
        List<Cluster> made = clusters(part, services(part, hosts));
        return Optional.of(part.caches()
                .round()
                .get(
                        new Stepped(Identity.of(before), hosts, made),
                        key -> EnvoyResources.replaced(before, hosts, made, Cluster::getName)));
    }

    static List<RouteConfiguration> outboundRoutes(Scope scope) {
        return scope.caches().round().get(new RoutesFor(part(scope, sourceLabels(scope), "")), key -> {
            Scope part = scope.with(key.part().reduced());
            return scope.caches()
                    .steps()
                    .routes()
                    .of(
                            key,
                            key.part().sidecar().isEmpty(),
                            (before, moved) -> reroute(part, before, moved),
                            () -> EnvoyResources.sorted(OutboundRoutes.captured(part), RouteConfiguration::getName));
        });
    }

    // What a Sidecar imports may follow from any route.
    private static Optional<List<RouteConfiguration>> reroute(
            Scope part, List<RouteConfiguration> before, Moves moved) {
        return part.sidecar().isPresent()
                ? Optional.empty()
                : OutboundRoutes.after(part, before, moved)
                        .flatMap(made -> EnvoyResources.replaced(before, made, RouteConfiguration::getName));
    }

    // A service that came or went in a small step speaks HTTP on a port on which others do: no listener shows it.
    static List<Listener> outboundListeners(Scope scope) {
        return scope.caches().round().get(new ListenersFor(part(scope, sourceLabels(scope), "")), key -> {
            Scope part = scope.with(key.part().reduced());
            return scope.caches()
                    .steps()
                    .listeners()
                    .of(
                            key,
                            key.part().sidecar().isEmpty(),
                            (before, moved) -> part.sidecar().isPresent() ? Optional.empty() : Optional.of(before),
                            () -> EnvoyResources.sorted(OutboundListeners.of(part), Listener::getName));
        });
    }

    // Where the client is, its network only where there are several, and the labels that say who is near it.
    private static Part near(Scope scope) {
        ProxyView view = scope.view();
        Set<String> compared = scope.snapshot().failoverLabels();
        Map<String, String> labels = with(view.only(compared), clientLabels(scope));
        boolean networks = scope.snapshot().meshConfig().getMeshNetworks().getNetworksCount() > 0
                || compared.contains("topology.istio.io/network");
        Part part = part(scope, labels, view.locality());
        ProxyView reduced = part.reduced();
        return !networks
                ? part
                : new Part(
                        new ProxyView(
                                reduced.role(),
                                reduced.workload(),
                                reduced.locality(),
                                view.network(),
                                reduced.capture(),
                                reduced.revision(),
                                reduced.metadata()),
                        part.sidecar());
    }

    private static Part part(Scope scope, Map<String, String> labels, String locality) {
        ProxyView view = scope.view();
        Capture capture = switch (view.capture()) {
            case Capture.Redirect redirect -> redirect;
            case Capture.Explicit explicit -> new Capture.Explicit("", "");
        };
        ProxyView.Workload workload = new ProxyView.Workload(view.namespace(), "", labels);
        return new Part(
                new ProxyView(view.role(), workload, locality, capture, ""),
                scope.sidecar().map(Config::key));
    }

    // Of a caller's labels only those matter that some rule looks at.
    private static Map<String, String> sourceLabels(Scope scope) {
        Set<String> looked = new TreeSet<>(Observations.labels(scope));
        looked.addAll(Choice.labels(scope));
        looked.addAll(scope.reach().imports().callerLabels());
        return with(scope.view().only(looked), clientLabels(scope));
    }

    private static Map<String, String> with(Map<String, String> some, Map<String, String> others) {
        if (some.isEmpty() || others.isEmpty()) {
            return some.isEmpty() ? others : some;
        }
        Map<String, String> all = new TreeMap<>(some);
        all.putAll(others);
        return all;
    }

    // Those by which DestinationRules select their clients.
    private static Map<String, String> clientLabels(Scope scope) {
        return scope.view().only(scope.snapshot().clientLabels(scope.view().namespace()));
    }
}
