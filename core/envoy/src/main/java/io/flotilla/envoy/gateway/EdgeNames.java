package io.flotilla.envoy.gateway;

import io.flotilla.envoy.Scope;
import io.flotilla.envoy.patch.Surroundings.EdgeServerName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which servers of which Gateways the RouteConfigurations of an edge are for. */
public final class EdgeNames {
    private EdgeNames() {}

    /** By the RouteConfiguration's name. */
    public static Map<String, List<EdgeServerName>> of(Scope scope) {
        Map<String, List<EdgeServerName>> names = new TreeMap<>();
        EdgeServers.of(scope)
                .values()
                .forEach(servers ->
                        servers.forEach(server -> names.computeIfAbsent(server.routeName(), name -> new ArrayList<>())
                                .add(new EdgeServerName(
                                        server.port(), server.server().getPort().getName(), server.gatewayName()))));
        return names;
    }

    /** What servers call the ports on which the edge listens. */
    public static Map<Integer, Set<String>> ports(Scope scope) {
        Map<Integer, Set<String>> names = new TreeMap<>();
        EdgeServers.of(scope)
                .forEach((place, servers) ->
                        servers.forEach(server -> names.computeIfAbsent(place.port(), port -> new TreeSet<>())
                                .add(server.server().getPort().getName())));
        return names;
    }
}
