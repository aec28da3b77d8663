package io.flotilla.envoy.route;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Scope;
import java.util.List;

/** Virtual hosts, and those that catch what no other does. */
public final class VirtualHosts {
    private static final int BAD_GATEWAY = 502;
    private static final int NOT_FOUND = 404;

    private VirtualHosts() {}

    /** Whether the server is told how often a request was tried, by x-envoy-attempt-count. */
    public static boolean tellsAttempts(Scope scope) {
        return !scope.snapshot()
                .meshConfig()
                .getDefaultConfig()
                .getProxyHeaders()
                .getAttemptCount()
                .getDisabled()
                .getValue();
    }

    /** Everything that a virtual host is made of. */
    public record Host(String name, List<String> domains, List<Route> routes, boolean attempts) {
        public VirtualHost build() {
            return VirtualHost.newBuilder()
                    .setName(name)
                    .addAllDomains(domains)
                    .addAllRoutes(routes)
                    .setIncludeRequestAttemptCount(attempts)
                    .build();
        }
    }

    /**
     * For hosts that the mesh does not know: on to where they were going, to an egress proxy, or refused with 502.
     *
     * @param cluster that takes them; {@link Names#BLACK_HOLE} refuses
     */
    public static VirtualHost fallthrough(String cluster) {
        if (cluster.equals(Names.BLACK_HOLE)) {
            return VirtualHost.newBuilder()
                    .setName("block_all")
                    .addDomains("*")
                    .addRoutes(Route.newBuilder()
                            .setName("block_all")
                            .setMatch(Matches.everything())
                            .setDirectResponse(DirectResponseAction.newBuilder().setStatus(BAD_GATEWAY)))
                    .build();
        }
        return VirtualHost.newBuilder()
                .setName("allow_any")
                .addDomains("*")
                .addRoutes(Route.newBuilder()
                        .setName("allow_any")
                        .setMatch(Matches.everything())
                        .setRoute(RouteAction.newBuilder()
                                .setCluster(cluster)
                                .setTimeout(Durations.ZERO)
                                .setMaxStreamDuration(RouteAction.MaxStreamDuration.newBuilder()
                                        .setGrpcTimeoutHeaderMax(Durations.ZERO))))
                .build();
    }

    /** For an edge port on which no VirtualService has a host: 404. */
    public static VirtualHost notFound(int port) {
        return VirtualHost.newBuilder()
                .setName("blackhole:" + port)
                .addDomains("*")
                .addRoutes(Route.newBuilder()
                        .setMatch(Matches.everything())
                        .setDirectResponse(DirectResponseAction.newBuilder().setStatus(NOT_FOUND)))
                .build();
    }
}
