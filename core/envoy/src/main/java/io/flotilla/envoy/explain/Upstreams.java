package io.flotilla.envoy.explain;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.cluster.DnsClusters;
import io.flotilla.envoy.explain.Step.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The last steps: which endpoints a cluster has, how one is chosen, and by which TLS it is spoken to. */
record Upstreams(MeshSnapshot mesh, EnvoyResources resources, Decisions decisions) {
    List<Step> steps(Set<String> clusters) {
        List<Step> steps = new ArrayList<>();
        resources.clusters().stream()
                .filter(cluster -> clusters.contains(cluster.getName()))
                .forEach(cluster -> add(cluster, steps));
        return steps;
    }

    private void add(Cluster cluster, List<Step> steps) {
        Optional<Decision> rule = decisions.of(cluster);
        steps.add(new Step("load balancing", balancing(cluster), rule));
        ClusterLoadAssignment assignment = resources.endpoints().stream()
                .filter(candidate -> candidate.getClusterName().equals(cluster.getName()))
                .findFirst()
                .orElse(cluster.getLoadAssignment());
        int count = 0;
        Set<String> tls = new TreeSet<>();
        for (LocalityLbEndpoints locality : assignment.getEndpointsList()) {
            for (LbEndpoint endpoint : locality.getLbEndpointsList()) {
                SocketAddress address = endpoint.getEndpoint().getAddress().getSocketAddress();
                steps.add(new Step("endpoint", endpoint(locality, endpoint, address), Optional.empty()));
                tls.add(tls(cluster, endpoint, address));
                count++;
            }
        }
        if (count == 0) {
            steps.add(new Step("endpoint", asked(cluster), rule));
        }
        tls.forEach(text -> steps.add(new Step("mtls", text, Optional.empty())));
    }

    private static String asked(Cluster cluster) {
        if (cluster.hasClusterType() && !DnsClusters.isCurrent(cluster)) {
            return "the name that was asked for, looked up by the proxy";
        }
        return cluster.getType() == Cluster.DiscoveryType.ORIGINAL_DST
                ? "the address that was asked for"
                : "none: " + cluster.getName();
    }

    private static String balancing(Cluster cluster) {
        String text = cluster.getLbPolicy().name().toLowerCase(Locale.ROOT);
        return cluster.hasOutlierDetection() ? text + ", ejects outliers" : text;
    }

    private String endpoint(LocalityLbEndpoints locality, LbEndpoint endpoint, SocketAddress address) {
        String where = locality.getLocality().getRegion().isEmpty()
                ? ""
                : " in " + locality.getLocality().getRegion() + "/"
                        + locality.getLocality().getZone();
        String priority = locality.getPriority() == 0 ? "" : ", priority " + locality.getPriority();
        String health = switch (endpoint.getHealthStatus()) {
            case HEALTHY, UNKNOWN -> "";
            default -> ", " + endpoint.getHealthStatus().name().toLowerCase(Locale.ROOT);
        };
        String pod = workload(address)
                .map(workload -> " " + workload.getNamespace() + "/" + workload.getName())
                .orElse("");
        return address.getAddress() + ":" + address.getPortValue() + pod + where + priority + health;
    }

    private String tls(Cluster cluster, LbEndpoint endpoint, SocketAddress address) {
        String accepts = workload(address)
                .filter(workload -> endpoint.hasMetadata())
                .map(workload ->
                        mesh.mtlsMode(workload.getNamespace(), workload.getLabelsMap(), address.getPortValue()))
                .map(mode -> ", the server takes " + words(mode))
                .orElse("");
        boolean meshTls = endpoint.hasMetadata() && cluster.getTransportSocketMatchesCount() > 0;
        if (meshTls) {
            return "mesh TLS" + accepts;
        }
        return (cluster.hasTransportSocket() ? "TLS of the DestinationRule" : "plaintext") + accepts;
    }

    private static String words(MtlsMode mode) {
        return switch (mode) {
            case DISABLE -> "plaintext only";
            case PERMISSIVE -> "both mesh TLS and plaintext";
            case STRICT -> "mesh TLS only";
        };
    }

    private Optional<Workload> workload(SocketAddress address) {
        return mesh.workloadByAddress("", address.getAddress());
    }
}
