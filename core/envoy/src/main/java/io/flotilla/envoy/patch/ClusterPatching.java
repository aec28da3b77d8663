package io.flotilla.envoy.patch;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ClusterMatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.Patch.Operation;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.cluster.DnsClusters;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Patches of clusters. */
record ClusterPatching(Surroundings where) {
    private static final int PARTS = 4;

    /** The cluster after one patch, the same object where it does not concern it; empty where it is removed. */
    Optional<Cluster> apply(Cluster cluster, Patch patch) {
        boolean inbound =
                cluster.getName().startsWith("inbound|") || cluster.getName().equals(Names.INBOUND_PASSTHROUGH);
        if (patch.to() != ApplyTo.CLUSTER
                || !Surroundings.fits(patch, where.context(inbound))
                || !chosen(cluster.getName(), patch.match().getCluster())) {
            return Optional.of(cluster);
        }
        if (patch.operation() == Operation.REMOVE) {
            return Optional.empty();
        }
        return Optional.of(patch.merges() ? merged(cluster, patch) : cluster);
    }

    private boolean chosen(String name, ClusterMatch match) {
        if (!match.getName().isEmpty()) {
            return match.getName().equals(name);
        }
        String[] parts = name.split("\\|", -1);
        if (parts.length != PARTS) {
            return match.equals(ClusterMatch.getDefaultInstance());
        }
        return (match.getPortNumber() == 0
                        || Integer.toString(match.getPortNumber()).equals(parts[1]))
                && (match.getSubset().isEmpty() || match.getSubset().equals(parts[2]))
                && (match.getService().isEmpty()
                        || match.getService().equals(parts[3])
                        || (parts[0].equals("inbound")
                                && where.inboundHosts()
                                        .getOrDefault(Integer.parseInt(parts[1]), Set.of())
                                        .contains(match.getService())));
    }

    private static Cluster merged(Cluster cluster, Patch patch) {
        Merging merging = new Merging(patch.operation() == Operation.MERGE_AND_REPLACE_LIST);
        Cluster change = (Cluster) patch.value();
        // Whoever wrote it has the older form before him, which stays true as long as Envoy knows it.
        boolean older = DnsClusters.isCurrent(cluster) && DnsClusters.isOlder(change);
        return older
                ? DnsClusters.current(merged(DnsClusters.older(cluster), change, merging))
                : merged(cluster, change, merging);
    }

    private static Cluster merged(Cluster cluster, Cluster change, Merging merging) {
        if (!change.hasTransportSocket() || cluster.getTransportSocketMatchesCount() == 0) {
            return merging.merge(cluster, change);
        }
        // Which endpoint speaks mesh TLS is told per endpoint, so the socket is changed where it is of that type.
        Cluster.Builder built = cluster.toBuilder();
        boolean found = false;
        for (Cluster.TransportSocketMatch.Builder match : built.getTransportSocketMatchesBuilderList()) {
            if (sameType(match.getTransportSocket(), change.getTransportSocket())) {
                match.setTransportSocket(merging.merge(match.getTransportSocket(), change.getTransportSocket()));
                found = true;
            }
        }
        return merging.merge(
                built.build(), found ? change.toBuilder().clearTransportSocket().build() : change);
    }

    private static boolean sameType(TransportSocket left, TransportSocket right) {
        return List.of(left, right).stream()
                        .map(socket -> socket.getTypedConfig().getTypeUrl())
                        .distinct()
                        .count()
                == 1;
    }
}
