package io.flotilla.envoy.endpoint;

import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.envoy.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that one load assignment is made of.
 *
 * @param cluster   its name
 * @param endpoints sorted
 * @param policy    which localities come first
 */
public record Assignment(String cluster, List<MeshEndpoint> endpoints, LocalityPolicy policy) {
    private static final Metadata MESH_TLS = Metadata.newBuilder()
            .putFilterMetadata("envoy.transport_socket_match", Wire.struct("tlsMode", "istio"))
            .build();

    /** The assignment: localities sorted, an endpoint's mesh TLS as metadata that transport sockets match. */
    public ClusterLoadAssignment build() {
        Map<String, List<LbEndpoint>> byLocality = new TreeMap<>();
        boolean someHealthy = endpoints.stream().anyMatch(endpoint -> endpoint.health() == MeshEndpoint.Health.HEALTHY);
        for (MeshEndpoint endpoint : endpoints) {
            byLocality
                    .computeIfAbsent(endpoint.locality(), locality -> new ArrayList<>())
                    .add(endpoint(endpoint, someHealthy));
        }
        ClusterLoadAssignment.Builder assignment =
                ClusterLoadAssignment.newBuilder().setClusterName(cluster);
        Map<String, Integer> priorities = policy.priorities(byLocality.keySet());
        Map<String, Integer> shares = policy.shares(weights(byLocality));
        byLocality.forEach((locality, members) -> {
            int share = shares.getOrDefault(locality, 0);
            if (share > 0) {
                assignment.addEndpoints(LocalityLbEndpoints.newBuilder()
                        .setLocality(locality(locality))
                        .setLoadBalancingWeight(UInt32Value.of(share))
                        .setPriority(priorities.getOrDefault(locality, 0))
                        .addAllLbEndpoints(members));
            }
        });
        return assignment.build();
    }

    private static Map<String, Integer> weights(Map<String, List<LbEndpoint>> byLocality) {
        Map<String, Integer> weights = new TreeMap<>();
        byLocality.forEach((locality, members) -> weights.put(
                locality,
                members.stream()
                        .mapToInt(member -> member.getLoadBalancingWeight().getValue())
                        .sum()));
        return weights;
    }

    private static LbEndpoint endpoint(MeshEndpoint endpoint, boolean someHealthy) {
        LbEndpoint.Builder member = LbEndpoint.newBuilder()
                .setEndpoint(Endpoint.newBuilder()
                        .setAddress(Wire.address(endpoint.addresses().getFirst(), endpoint.port())))
                .setLoadBalancingWeight(UInt32Value.of(Math.max(1, endpoint.weight())))
                .setHealthStatus(health(endpoint.health(), someHealthy));
        if (endpoint.meshTls()) {
            member.setMetadata(MESH_TLS);
        }
        return member.build();
    }

    // What terminates still serves: where nothing else is left it is better than an error.
    private static HealthStatus health(MeshEndpoint.Health health, boolean someHealthy) {
        return switch (health) {
            case HEALTHY -> HealthStatus.HEALTHY;
            case DRAINING -> someHealthy ? HealthStatus.DRAINING : HealthStatus.HEALTHY;
            case UNHEALTHY -> HealthStatus.UNHEALTHY;
        };
    }

    private static Locality locality(String locality) {
        String[] parts = locality.split("/", 3);
        Locality.Builder built = Locality.newBuilder().setRegion(parts[0]);
        if (parts.length > 1) {
            built.setZone(parts[1]);
        }
        if (parts.length > 2) {
            built.setSubZone(parts[2]);
        }
        return built.build();
    }
}
