package io.flotilla.envoy.filter;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.grpc_web.v3.GrpcWeb;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.authz.Guards;
import io.flotilla.envoy.revocation.RevokedPeers;
import java.util.ArrayList;
import java.util.List;

/** The HTTP filters, in the order in which requests meet them. */
public final class HttpFilters {
    public static final String CORS = "envoy.filters.http.cors";
    public static final String FAULT = "envoy.filters.http.fault";

    private static final HttpFilter GRPC_WEB = filter("envoy.filters.http.grpc_web", GrpcWeb.getDefaultInstance());
    private static final HttpFilter CORS_FILTER = filter(CORS, Cors.getDefaultInstance());
    private static final HttpFilter FAULT_FILTER = filter(FAULT, HTTPFault.getDefaultInstance());
    private static final HttpFilter ROUTER = filter("envoy.filters.http.router", Router.getDefaultInstance());

    private HttpFilters() {}

    /** On the client's side: what routes turn on by themselves. */
    static List<HttpFilter> outbound() {
        return List.of(GRPC_WEB, CORS_FILTER, FAULT_FILTER, AlpnOverride.filter(), ROUTER);
    }

    /** At an edge: as on the client's side, behind what refuses. */
    static List<HttpFilter> edge(Guards guards) {
        List<HttpFilter> filters = new ArrayList<>();
        filters.add(RevokedPeers.http());
        filters.addAll(guards.http());
        filters.addAll(outbound());
        return filters;
    }

    /** On the server's side. */
    static List<HttpFilter> inbound(boolean mesh, Guards guards) {
        List<HttpFilter> filters = new ArrayList<>();
        if (mesh) {
            filters.add(RevokedPeers.http());
            filters.add(PeerHeader.keep());
        }
        filters.addAll(guards.http());
        filters.add(ROUTER);
        return filters;
    }

    private static HttpFilter filter(String name, Message config) {
        return HttpFilter.newBuilder()
                .setName(name)
                .setTypedConfig(Wire.any(config))
                .build();
    }
}
