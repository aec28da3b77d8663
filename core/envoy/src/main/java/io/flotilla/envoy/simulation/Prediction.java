package io.flotilla.envoy.simulation;

import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.flotilla.envoy.EnvoyResources;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Envoy's access log will say of a call, as long as every server answers.
 *
 * @param clusters one of these (UPSTREAM_CLUSTER); empty: to none
 * @param route    ROUTE_NAME, may be empty
 * @param flags    RESPONSE_FLAGS that are certain, joined by a comma: NR, NC, UH, FI, DI, DPE
 */
public record Prediction(Set<String> clusters, String route, String flags) {
    private static final String MISSING = "MISSING ";

    /** What follows from a way through a proxy. */
    public static Prediction of(Passage passage, EnvoyResources resources) {
        String route = passage.route().map(Route::getName).orElse("");
        return switch (passage.outcome()) {
            case Outcome.Refused refused -> new Prediction(Set.of(), "", "NR");
            case Outcome.Answered answered -> new Prediction(clusters(passage), route, flags(passage, answered));
            case Outcome.Tcp(var shares) -> new Prediction(shares.keySet(), "", upstream(shares.keySet(), resources));
            case Outcome.Forwarded(var shares, var path, var fault, var mirror) ->
                new Prediction(shares.keySet(), route, flags(fault, shares.keySet(), resources));
        };
    }

    // Without a route Envoy may still have an answer: a redirect of the whole host.
    private static String flags(Passage passage, Outcome.Answered answered) {
        boolean unrouted = passage.route().isEmpty();
        return unrouted && answered.status() == Simulator.NOT_FOUND
                ? "NR"
                : unrouted && answered.status() == Simulator.UPGRADE_REQUIRED ? "DPE" : "";
    }

    // A route's cluster is logged although its upgrade was refused.
    private static Set<String> clusters(Passage passage) {
        return passage.route().filter(Route::hasRoute).map(Route::getRoute).stream()
                .flatMap(action -> action.hasWeightedClusters()
                        ? action.getWeightedClusters().getClustersList().stream()
                                .map(WeightedCluster.ClusterWeight::getName)
                        : Stream.of(action.getCluster()))
                .collect(Collectors.toSet());
    }

    private static String flags(String fault, Set<String> clusters, EnvoyResources resources) {
        List<String> flags = new ArrayList<>();
        boolean aborted = fault.matches(".*abort .* 100%");
        if (!aborted) {
            flags.add(upstream(clusters, resources));
        }
        if (fault.matches("delay [^,]* 100%.*")) {
            flags.add("DI");
        }
        if (aborted) {
            flags.add("FI");
        }
        flags.removeIf(String::isEmpty);
        return String.join(",", flags);
    }

    private static String upstream(Set<String> clusters, EnvoyResources resources) {
        if (clusters.stream().allMatch(name -> name.startsWith(MISSING))) {
            return "NC";
        }
        return clusters.stream().allMatch(name -> withoutHost(name, resources)) ? "UH" : "";
    }

    private static boolean withoutHost(String cluster, EnvoyResources resources) {
        return cluster.equals(io.flotilla.envoy.Names.BLACK_HOLE)
                || resources.endpoints().stream()
                        .filter(assignment -> assignment.getClusterName().equals(cluster))
                        .anyMatch(Prediction::empty);
    }

    private static boolean empty(ClusterLoadAssignment assignment) {
        return assignment.getEndpointsList().stream()
                .map(LocalityLbEndpoints::getLbEndpointsList)
                .flatMap(List::stream)
                .noneMatch(endpoint -> endpoint.getHealthStatus() == HealthStatus.HEALTHY
                        || endpoint.getHealthStatus() == HealthStatus.UNKNOWN);
    }
}
