package io.flotilla.envoy.gateway;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.flotilla.api.networking.v1alpha3.Subset;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.cluster.OutboundClusters;
import io.flotilla.envoy.endpoint.LoadAssignments;
import io.flotilla.envoy.gateway.EdgeServers.EdgeServer;
import io.flotilla.envoy.gateway.EdgeServers.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Gateways between networks (mode AUTO_PASSTHROUGH): mesh TLS passes unopened to the service that its server name tells,
 * "outbound_.PORT_.SUBSET_.HOST". Only names that stand for a service which some server's hosts let in are known, so that
 * nobody reaches another cluster of the gateway.
 */
public final class AutoPassthrough {
    private AutoPassthrough() {}

    /** The clusters by SNI, beside the gateway's own. */
    public static List<Cluster> clusters(Scope scope) {
        List<Cluster> clusters = new ArrayList<>();
        for (Cluster cluster : OutboundClusters.of(scope, services(scope))) {
            clusters.add(scope.cache().get(new Passing(cluster), Passing::build));
        }
        return clusters;
    }

    /** Their endpoints: those of this network that speak mesh TLS. */
    public static List<ClusterLoadAssignment> endpoints(Scope scope) {
        return LoadAssignments.passing(scope, services(scope));
    }

    /** A cluster under the name of its SNI, whose bytes go on as they are. */
    private record Passing(Cluster own) {
        Cluster build() {
            String[] parts = own.getName().split("\\|", 4);
            String name = Names.sni(Integer.parseInt(parts[1]), parts[2], parts[3]);
            Cluster.Builder cluster = own.toBuilder()
                    .setName(name)
                    .clearTransportSocket()
                    .clearTransportSocketMatches()
                    .clearTypedExtensionProtocolOptions();
            if (cluster.hasEdsClusterConfig()) {
                cluster.getEdsClusterConfigBuilder().setServiceName(name);
            }
            if (cluster.hasLoadAssignment()) {
                cluster.getLoadAssignmentBuilder().setClusterName(name);
            }
            return cluster.build();
        }
    }

    private static List<MeshService> services(Scope scope) {
        List<EdgeServer> servers = EdgeServers.of(scope).values().stream()
                .flatMap(List::stream)
                .filter(server -> server.kind() == Kind.AUTO_PASSTHROUGH)
                .toList();
        return servers.isEmpty()
                ? List.of()
                : scope.services().stream()
                        .filter(service -> servers.stream().anyMatch(server -> admits(server, service)))
                        .toList();
    }

    /** The server names that one server knows, sorted as the services are. */
    static List<String> names(Scope scope, EdgeServer server) {
        List<String> names = new ArrayList<>();
        for (MeshService service : scope.services()) {
            if (admits(server, service)) {
                List<Subset> subsets = scope.destinationRule(service)
                        .map(rule -> rule.spec().getSubsetsList())
                        .orElse(List.of());
                for (ServicePort port : service.ports()) {
                    if (port.protocol() != Protocol.UDP) {
                        names.add(Names.sni(port.number(), "", service.hostname()));
                        subsets.forEach(
                                subset -> names.add(Names.sni(port.number(), subset.getName(), service.hostname())));
                    }
                }
            }
        }
        return names;
    }

    private static boolean admits(EdgeServer server, MeshService service) {
        return !service.external()
                && !service.hostname().startsWith("*")
                && server.server().getHostsList().stream().anyMatch(host -> {
                    int slash = host.indexOf('/');
                    String namespace = slash < 0 ? "*" : host.substring(0, slash);
                    boolean here = namespace.equals("*")
                            || namespace.equals(service.namespace())
                            || (namespace.equals(".")
                                    && server.gateway().namespace().equals(service.namespace()));
                    return here && Hostnames.subsetOf(service.hostname(), host.substring(slash + 1));
                });
    }
}
