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
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
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

    private static final Comparator<Group> ORDER =
            Comparator.comparing(Group::locality).thenComparingInt(Group::priority);

    /** Endpoints of one locality that are equally near. */
    private record Group(String locality, int priority) {}

    private record Socket(String address, int port) {}

    private record Member(MeshEndpoint endpoint, Group group, int weight) {
        /** What stays of two with one address: the nearer, or for places equally near the first with what both weigh. */
        private Member with(Member other) {
            if (group.priority() != other.group.priority()) {
                return group.priority() < other.group.priority() ? this : other;
            }
            return group.equals(other.group) ? this : new Member(endpoint, group, weight + other.weight);
        }
    }

    /** The assignment: localities sorted, an endpoint's mesh TLS as metadata that transport sockets match. */
    public ClusterLoadAssignment build() {
        Map<Group, List<LbEndpoint>> groups = new TreeMap<>(ORDER);
        boolean someHealthy = endpoints.stream().anyMatch(endpoint -> endpoint.health() == MeshEndpoint.Health.HEALTHY);
        for (Member member : members()) {
            groups.computeIfAbsent(member.group(), group -> new ArrayList<>()).add(endpoint(member, someHealthy));
        }
        ClusterLoadAssignment.Builder assignment =
                ClusterLoadAssignment.newBuilder().setClusterName(cluster);
        Map<String, Integer> weights = new TreeMap<>();
        groups.forEach((group, members) -> weights.merge(group.locality(), weight(members), Integer::sum));
        Map<String, Integer> shares = policy.shares(weights);
        groups.forEach((group, members) -> {
            // Only shares that a rule gives differ from the weights, and these know no priorities.
            int share = shares.equals(weights) ? weight(members) : shares.getOrDefault(group.locality(), 0);
            if (share > 0) {
                assignment.addEndpoints(LocalityLbEndpoints.newBuilder()
                        .setLocality(locality(group.locality()))
                        .setLoadBalancingWeight(UInt32Value.of(share))
                        .setPriority(group.priority())
                        .addAllLbEndpoints(members));
            }
        });
        return assignment.build();
    }

    // A gateway of another network comes once for each place behind it. Envoy keeps the first of one address, which may
    // be the farther, and gRPC refuses the assignment.
    private Collection<Member> members() {
        Map<MeshEndpoint, Integer> priorities = policy.priorities(endpoints);
        Map<Socket, Member> members = new LinkedHashMap<>();
        for (MeshEndpoint endpoint : endpoints) {
            Group group = new Group(endpoint.locality(), priorities.getOrDefault(endpoint, 0));
            members.merge(
                    new Socket(endpoint.addresses().getFirst(), endpoint.port()),
                    new Member(endpoint, group, Math.max(1, endpoint.weight())),
                    Member::with);
        }
        return members.values();
    }

    private static int weight(List<LbEndpoint> members) {
        return members.stream()
                .mapToInt(member -> member.getLoadBalancingWeight().getValue())
                .sum();
    }

    private static LbEndpoint endpoint(Member member, boolean someHealthy) {
        MeshEndpoint endpoint = member.endpoint();
        LbEndpoint.Builder built = LbEndpoint.newBuilder()
                .setEndpoint(place(endpoint))
                .setLoadBalancingWeight(UInt32Value.of(member.weight()))
                .setHealthStatus(health(endpoint.health(), someHealthy));
        if (endpoint.meshTls()) {
            built.setMetadata(MESH_TLS);
        }
        return built.build();
    }

    // The first address is preferred, but Envoy tries another where that does not answer.
    private static Endpoint place(MeshEndpoint endpoint) {
        Endpoint.Builder place = Endpoint.newBuilder()
                .setAddress(Wire.address(endpoint.addresses().getFirst(), endpoint.port()));
        endpoint.addresses().stream()
                .skip(1)
                .forEach(other -> place.addAdditionalAddresses(
                        Endpoint.AdditionalAddress.newBuilder().setAddress(Wire.address(other, endpoint.port()))));
        return place.build();
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
