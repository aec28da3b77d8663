package io.flotilla.envoy.cluster;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.KeepaliveSettings;
import io.flotilla.api.networking.v1alpha3.ConnectionPoolSettings;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.NewerFields;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.filter.Conduct;
import io.flotilla.envoy.filter.PeerHeader;
import java.util.Optional;

/** Which HTTP a cluster speaks. */
final class Protocols {
    private static final String KEY = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    private static final int STREAMS = 1_073_741_824;
    private static final Duration PING_TIMEOUT = Durations.fromSeconds(10);
    // Below the shortest keep-alive that servers commonly have (5 seconds).
    private static final Duration APPLICATION_IDLE = Durations.fromSeconds(4);

    private Protocols() {}

    /**
     * A port's own protocol; where it is unnamed, or the rule says so, the caller's. Members of the mesh are told who
     * calls.
     */
    static void apply(
            Cluster.Builder cluster, OutboundCluster input, TrafficPolicy policy, Optional<AskedNames> asked) {
        ConnectionPoolSettings pool = policy.getConnectionPool();
        Protocol protocol = input.target().port().protocol();
        if (!protocol.isHttp() && protocol != Protocol.AUTO) {
            return;
        }
        io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.Builder options = codec(
                protocol, pool.getHttp(), Conduct.preservesCase(input.mesh().config()));
        options.setCommonHttpProtocolOptions(common(pool));
        asked.map(AskedNames::options)
                .or(() -> ServerNames.of(input, policy.getTls()))
                .ifPresent(options::setUpstreamHttpProtocolOptions);
        OutlierDetections.errors(policy).ifPresent(answers -> NewerFields.errors(options, answers));
        if (!input.target().external()) {
            options.addAllHttpFilters(PeerHeader.upstreamFilters());
        }
        cluster.putTypedExtensionProtocolOptions(KEY, Wire.any(options.build()));
    }

    /** Whether requests go out as HTTP/2 whatever the caller speaks. */
    static boolean http2(Protocol protocol, ConnectionPoolSettings.HTTPSettings settings) {
        boolean upgraded = settings.getH2UpgradePolicy() == ConnectionPoolSettings.HTTPSettings.H2UpgradePolicy.UPGRADE;
        return protocol.isHttp2() || (protocol.isHttp() && upgraded);
    }

    /** A named port's protocol, else the caller's. */
    static void named(Cluster.Builder cluster, Protocol protocol) {
        put(
                cluster,
                protocol,
                ConnectionPoolSettings.HTTPSettings.getDefaultInstance(),
                HttpProtocolOptions.getDefaultInstance(),
                false);
    }

    /** Whatever the caller speaks, to the host that it asks for. */
    static void asked(Cluster.Builder cluster, AskedNames names, boolean preserve) {
        cluster.putTypedExtensionProtocolOptions(
                KEY,
                Wire.any(codec(Protocol.AUTO, ConnectionPoolSettings.HTTPSettings.getDefaultInstance(), preserve)
                        .setUpstreamHttpProtocolOptions(names.options())
                        .build()));
    }

    /**
     * The same for the application beside the proxy. Connections that wait are closed before an application closes them:
     * a request that meets the close has no other endpoint to go to.
     */
    static void application(Cluster.Builder cluster, Protocol protocol, ConnectionPoolSettings pool, boolean preserve) {
        HttpProtocolOptions.Builder common = common(pool);
        if (!common.hasIdleTimeout()) {
            common.setIdleTimeout(APPLICATION_IDLE);
        }
        put(cluster, protocol, pool.getHttp(), common.build(), preserve);
    }

    private static void put(
            Cluster.Builder cluster,
            Protocol protocol,
            ConnectionPoolSettings.HTTPSettings settings,
            HttpProtocolOptions common,
            boolean preserve) {
        if (protocol.isHttp() || protocol == Protocol.AUTO) {
            boolean callers = !http2(protocol, settings);
            cluster.putTypedExtensionProtocolOptions(
                    KEY,
                    Wire.any(codec(
                                    protocol,
                                    settings.toBuilder()
                                            .setUseClientProtocol(callers || settings.getUseClientProtocol())
                                            .build(),
                                    preserve)
                            .setCommonHttpProtocolOptions(common)
                            .build()));
        }
    }

    private static HttpProtocolOptions.Builder common(ConnectionPoolSettings pool) {
        HttpProtocolOptions.Builder common = HttpProtocolOptions.newBuilder();
        if (pool.getHttp().hasIdleTimeout()) {
            common.setIdleTimeout(pool.getHttp().getIdleTimeout());
        }
        if (pool.getTcp().hasMaxConnectionDuration()) {
            common.setMaxConnectionDuration(pool.getTcp().getMaxConnectionDuration());
        }
        if (pool.getHttp().getMaxRequestsPerConnection() > 0) {
            common.setMaxRequestsPerConnection(Wire.number(pool.getHttp().getMaxRequestsPerConnection()));
        }
        return common;
    }

    private static io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.Builder codec(
            Protocol protocol, ConnectionPoolSettings.HTTPSettings settings, boolean preserve) {
        Http1ProtocolOptions http1 = http1Options(preserve);
        Http2ProtocolOptions http2 = http2Options(settings);
        var options = io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.newBuilder();
        if (protocol == Protocol.AUTO || settings.getUseClientProtocol()) {
            return options.setUseDownstreamProtocolConfig(
                    io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.UseDownstreamHttpConfig
                            .newBuilder()
                            .setHttpProtocolOptions(http1)
                            .setHttp2ProtocolOptions(http2));
        }
        var explicit =
                io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig.newBuilder();
        if (http2(protocol, settings)) {
            explicit.setHttp2ProtocolOptions(http2);
        } else {
            explicit.setHttpProtocolOptions(http1);
        }
        return options.setExplicitHttpConfig(explicit);
    }

    private static Http1ProtocolOptions http1Options(boolean preserve) {
        return preserve
                ? Http1ProtocolOptions.newBuilder()
                        .setHeaderKeyFormat(Conduct.preserved())
                        .build()
                : Http1ProtocolOptions.getDefaultInstance();
    }

    private static Http2ProtocolOptions http2Options(ConnectionPoolSettings.HTTPSettings settings) {
        Http2ProtocolOptions.Builder options = Http2ProtocolOptions.newBuilder()
                .setMaxConcurrentStreams(Wire.number(
                        settings.getMaxConcurrentStreams() > 0 ? settings.getMaxConcurrentStreams() : STREAMS));
        if (settings.hasHttp2KeepAlive()) {
            KeepaliveSettings.Builder pings = KeepaliveSettings.newBuilder()
                    .setInterval(settings.getHttp2KeepAlive().getInterval());
            // Envoy wants a timeout; its documentation speaks of 10 seconds where Istio's says nothing.
            pings.setTimeout(
                    settings.getHttp2KeepAlive().hasTimeout()
                            ? settings.getHttp2KeepAlive().getTimeout()
                            : PING_TIMEOUT);
            options.setConnectionKeepalive(pings);
        }
        return options.build();
    }
}
