package io.flotilla.envoy.filter;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.trace.v3.Tracing;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ForwardClientCertDetails;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.type.v3.Percent;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.authz.Guards;
import io.flotilla.envoy.telemetry.IstioTags;
import io.flotilla.envoy.telemetry.Observation;
import io.flotilla.envoy.telemetry.ProviderLogs;
import io.flotilla.envoy.telemetry.ProviderTracing;
import io.flotilla.envoy.wasm.Plugins;

/** HTTP connection managers of the three sides on which a proxy stands. */
public final class HttpConnectionManagers {
    /**
     * How long Envoy waits for the peer to close after its last answer. Envoy drops what it has not yet written when
     * this time is over, and a worker that gets no processor for Envoy's default of 1 s has written nothing yet: the
     * caller would see its connection closed without an answer (shown by KillIT on an overloaded machine).
     */
    private static final Duration DELAYED_CLOSE = Durations.fromSeconds(10);

    private static final String NAME = "envoy.filters.network.http_connection_manager";
    private static final String SERVER = "istio-envoy";

    private HttpConnectionManagers() {}

    /**
     * For an application's own requests, routed by RDS. What it says about a client's certificate is not believed.
     *
     * @param route   name of the RouteConfiguration
     * @param plugins of the port that is called
     */
    public static Filter outbound(String statPrefix, String route, Plugins plugins, Collectors collectors) {
        return filter(base(statPrefix, collectors, AccessLogs.Side.OUTBOUND)
                .setRds(rds(route))
                .addAllHttpFilters(HttpFilters.outbound(plugins, collectors.conduct())));
    }

    /**
     * For requests to the application. Over mesh TLS it learns who calls, by x-forwarded-client-cert; in plaintext that
     * header is taken away.
     */
    public static Filter inbound(
            String statPrefix, RouteConfiguration routes, boolean mesh, Guards guards, Collectors collectors) {
        HttpConnectionManager.Builder manager = base(statPrefix, collectors, AccessLogs.Side.INBOUND)
                .setRouteConfig(routes)
                .setServerName(SERVER)
                .addAllHttpFilters(HttpFilters.inbound(mesh, guards, collectors.conduct()));
        Paths.normalize(manager, guards.normalization());
        collectors.conduct().paths(manager);
        collectors.conduct().server(manager);
        if (mesh) {
            tellCaller(manager, ForwardClientCertDetails.APPEND_FORWARD);
            collectors.conduct().caller(manager);
        }
        return filter(manager);
    }

    /** For requests from outside, at an edge: their claims about who they are end here. */
    public static Filter edge(String statPrefix, String route, Guards guards, Collectors collectors) {
        HttpConnectionManager.Builder manager = base(statPrefix, collectors, AccessLogs.Side.GATEWAY)
                .setRds(rds(route))
                .setUseRemoteAddress(Wire.yes())
                .setServerName(SERVER)
                .addAllHttpFilters(HttpFilters.edge(guards, collectors.conduct()));
        Paths.normalize(manager, guards.normalization());
        collectors.conduct().paths(manager);
        collectors.conduct().server(manager);
        tellCaller(manager, ForwardClientCertDetails.SANITIZE_SET);
        collectors.conduct().edge(manager);
        EdgeLimits.apply(manager, collectors.conduct().connections());
        return filter(manager);
    }

    private static void tellCaller(HttpConnectionManager.Builder manager, ForwardClientCertDetails details) {
        manager.setForwardClientCertDetails(details)
                .setSetCurrentClientCertDetails(HttpConnectionManager.SetCurrentClientCertDetails.newBuilder()
                        .setSubject(Wire.yes())
                        .setUri(true)
                        .setDns(true));
    }

    private static HttpConnectionManager.Builder base(String statPrefix, Collectors collectors, AccessLogs.Side side) {
        HttpConnectionManager.Builder manager = HttpConnectionManager.newBuilder()
                .setStatPrefix(statPrefix)
                .setUseRemoteAddress(Wire.no())
                .setStreamIdleTimeout(Durations.ZERO)
                .setDelayedCloseTimeout(DELAYED_CLOSE)
                .setHttpProtocolOptions(Http1ProtocolOptions.newBuilder().setAcceptHttp10(true))
                .addUpgradeConfigs(
                        HttpConnectionManager.UpgradeConfig.newBuilder().setUpgradeType("websocket"))
                .addAllAccessLog(AccessLogs.http(collectors, side))
                .addAllAccessLog(ProviderLogs.of(collectors.observed(side), true));
        collectors.conduct().apply(manager);
        if (!collectors.zipkin().isEmpty()) {
            manager.setTracing(tracing(collectors));
        }
        ProviderTracing.apply(manager, collectors.observed(side), collectors.sampling());
        if (manager.hasTracing()) {
            tags(
                    manager.getTracingBuilder(),
                    collectors,
                    collectors.observed(side).tracing().tags());
        }
        return manager;
    }

    private static void tags(
            HttpConnectionManager.Tracing.Builder tracing, Collectors collectors, Observation.Tags said) {
        if (said.own().isEmpty()) {
            MeshTags.apply(collectors.conduct().tracing(), tracing);
        }
        if (said.istio()) {
            IstioTags.add(tracing);
        }
    }

    private static HttpConnectionManager.Tracing tracing(Collectors collectors) {
        ZipkinConfig zipkin = ZipkinConfig.newBuilder()
                .setCollectorCluster(collectors.zipkin())
                .setCollectorEndpoint("/api/v2/spans")
                .setCollectorEndpointVersion(ZipkinConfig.CollectorEndpointVersion.HTTP_JSON)
                .setCollectorHostname(collectors.zipkinHost())
                .setTraceId128Bit(true)
                .setSharedSpanContext(Wire.no())
                .build();
        HttpConnectionManager.Tracing.Builder tracing = HttpConnectionManager.Tracing.newBuilder()
                .setClientSampling(Percent.newBuilder().setValue(100))
                .setRandomSampling(Percent.newBuilder().setValue(collectors.sampling()))
                .setOverallSampling(Percent.newBuilder().setValue(100))
                .setProvider(Tracing.Http.newBuilder()
                        .setName("envoy.tracers.zipkin")
                        .setTypedConfig(Wire.any(zipkin)));
        return tracing.build();
    }

    private static Rds rds(String route) {
        return Rds.newBuilder()
                .setConfigSource(Wire.ads())
                .setRouteConfigName(route)
                .build();
    }

    private static Filter filter(HttpConnectionManager.Builder manager) {
        return Filter.newBuilder()
                .setName(NAME)
                .setTypedConfig(Wire.any(manager.build()))
                .build();
    }
}
