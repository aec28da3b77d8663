package io.flotilla.envoy.gateway;

import io.flotilla.api.networking.v1alpha3.Server;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.gateway.EdgeServers.EdgeServer;
import java.util.ArrayList;
import java.util.List;

/**
 * A server of a Gateway that an edge leaves out, since what it wants of a port does not mix with what the first wants.
 *
 * @param gateway it is of
 * @param index   in {@code servers} of that
 * @param text    what it wants, and who has the port
 */
public record LeftOutServer(ObjectKey gateway, int index, String text) {
    /** Those for a host on a port that a router listens on. */
    public static List<LeftOutServer> of(Scope scope, int listen, String host) {
        List<LeftOutServer> leftOut = new ArrayList<>();
        EdgeServers.wanted(scope).forEach((place, wanted) -> {
            if (place.port() == listen) {
                wanted.stream()
                        .filter(server ->
                                !server.kind().mixesWith(wanted.getFirst().kind()))
                        .filter(server -> server.hostNames().stream().anyMatch(each -> Hostnames.subsetOf(host, each)))
                        .map(server -> new LeftOutServer(server.gateway(), index(scope, server), text(server, wanted)))
                        .forEach(leftOut::add);
            }
        });
        return leftOut;
    }

    private static int index(Scope scope, EdgeServer server) {
        return scope.snapshot()
                .gateway(server.gateway().namespace(), server.gateway().name())
                .map(gateway -> gateway.spec().getServersList().indexOf(server.server()))
                .orElse(0);
    }

    private static String text(EdgeServer server, List<EdgeServer> wanted) {
        Server first = wanted.getFirst().server();
        return "a server of " + server.server().getPort().getProtocol() + ", since Gateway "
                + wanted.getFirst().gatewayName() + " has "
                + first.getPort().getProtocol() + " on this port (FA0405)";
    }
}
