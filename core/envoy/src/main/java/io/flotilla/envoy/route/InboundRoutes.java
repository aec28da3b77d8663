package io.flotilla.envoy.route;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.route.v3.Decorator;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.filter.PeerHeader;

/** The routes of one inbound port: everything goes to the application. */
public final class InboundRoutes {
    private InboundRoutes() {}

    /**
     * To the application behind a port.
     *
     * @param operation how traces name it, "HOST:PORT/*"
     * @param mesh      came over mesh TLS; in plaintext nobody's word on who calls is taken
     */
    public static RouteConfiguration to(int port, String operation, boolean mesh) {
        RouteConfiguration.Builder routes = RouteConfiguration.newBuilder()
                .setName(Names.inbound(port))
                .setValidateClusters(Wire.no())
                .addVirtualHosts(VirtualHost.newBuilder()
                        .setName("inbound|http|" + port)
                        .addDomains("*")
                        .addRoutes(Route.newBuilder()
                                .setName("default")
                                .setMatch(Matches.everything())
                                .setDecorator(Decorator.newBuilder().setOperation(operation))
                                .setRoute(RouteAction.newBuilder()
                                        .setCluster(Names.inbound(port))
                                        .setTimeout(Durations.ZERO)
                                        .setMaxStreamDuration(RouteAction.MaxStreamDuration.newBuilder()
                                                .setGrpcTimeoutHeaderMax(Durations.ZERO)))));
        if (!mesh) {
            routes.addRequestHeadersToRemove(PeerHeader.NAME);
        }
        return routes.build();
    }
}
