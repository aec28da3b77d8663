package io.flotilla.envoy.filter;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.grpc_web.v3.GrpcWeb;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.api.extensions.v1alpha1.PluginPhase;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.authz.Guards;
import io.flotilla.envoy.revocation.RevokedPeers;
import io.flotilla.envoy.wasm.Plugins;
import java.util.ArrayList;
import java.util.List;

/** The HTTP filters, in the order in which requests meet them. */
public final class HttpFilters {
    public static final String CORS = "envoy.filters.http.cors";
    public static final String FAULT = "envoy.filters.http.fault";

    private static final HttpFilter GRPC_WEB = filter("envoy.filters.http.grpc_web", GrpcWeb.getDefaultInstance());
    private static final HttpFilter CORS_FILTER = filter(CORS, Cors.getDefaultInstance());
    private static final HttpFilter FAULT_FILTER = filter(FAULT, HTTPFault.getDefaultInstance());
    static final HttpFilter ROUTER = filter("envoy.filters.http.router", Router.getDefaultInstance());
    static final HttpFilter SILENT_ROUTER = filter(
            "envoy.filters.http.router",
            Router.newBuilder().setSuppressEnvoyHeaders(true).build());

    private HttpFilters() {}

    /** On the client's side: what routes turn on by themselves, behind plugins. */
    static List<HttpFilter> outbound(Plugins plugins, Conduct conduct) {
        List<HttpFilter> filters = new ArrayList<>();
        for (PluginPhase phase : List.of(PluginPhase.AUTHN, PluginPhase.AUTHZ, PluginPhase.STATS)) {
            filters.addAll(plugins.http(phase));
        }
        filters.addAll(routed(plugins, conduct));
        return filters;
    }

    // Envoy's own last ones, and before the last of them plugins that named no phase.
    private static List<HttpFilter> routed(Plugins plugins, Conduct conduct) {
        List<HttpFilter> filters = new ArrayList<>(List.of(GRPC_WEB, CORS_FILTER, FAULT_FILTER, AlpnOverride.filter()));
        filters.addAll(plugins.http(PluginPhase.UNSPECIFIED_PHASE));
        conduct.names().map(NameLookup::http).ifPresent(filters::add);
        filters.add(conduct.router());
        return filters;
    }

    /** In an application's own gRPC library, where it calls. */
    public static List<HttpFilter> proxyless() {
        return List.of(FAULT_FILTER, ROUTER);
    }

    /** In an application's own gRPC library, where it is called: behind what refuses. */
    public static List<HttpFilter> proxylessServer(List<HttpFilter> guards) {
        List<HttpFilter> filters = new ArrayList<>(guards);
        filters.add(ROUTER);
        return filters;
    }

    /** At an edge: as on the client's side, behind what refuses. */
    static List<HttpFilter> edge(Guards guards, Conduct conduct) {
        List<HttpFilter> filters = new ArrayList<>();
        filters.add(RevokedPeers.http());
        filters.addAll(guards.http());
        filters.addAll(routed(guards.plugins(), conduct));
        return filters;
    }

    /** On the server's side. */
    static List<HttpFilter> inbound(boolean mesh, Guards guards, Conduct conduct) {
        List<HttpFilter> filters = new ArrayList<>();
        if (mesh) {
            filters.add(RevokedPeers.http());
            filters.add(PeerHeader.keep());
        }
        filters.addAll(guards.http());
        filters.addAll(guards.plugins().http(PluginPhase.UNSPECIFIED_PHASE));
        filters.add(conduct.router());
        return filters;
    }

    private static HttpFilter filter(String name, Message config) {
        return HttpFilter.newBuilder()
                .setName(name)
                .setTypedConfig(Wire.any(config))
                .build();
    }
}
