package io.flotilla.envoy.filter;

import com.google.protobuf.Duration;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.flotilla.api.networking.v1alpha3.ConnectionPoolSettings;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import java.util.Optional;

/**
 * What a DestinationRule says of TCP connections (trafficPolicy.connectionPool.tcp, trafficPolicy.tunnel).
 *
 * @param idle    closes a connection on which nothing moves for so long; Envoy's hour where absent
 * @param longest closes every connection after so long
 * @param tunnel  goes through an HTTP proxy
 */
public record TcpSettings(Optional<Duration> idle, Optional<Duration> longest, Optional<Tunnel> tunnel) {
    /** Envoy's own. */
    public static final TcpSettings NONE = new TcpSettings(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * A tunnel.
     *
     * @param target "HOST:PORT" that the proxy is asked for
     * @param post   by POST instead of CONNECT
     */
    public record Tunnel(String target, boolean post) {}

    /** What a policy says; one that says nothing is {@link #NONE}. */
    public static TcpSettings of(TrafficPolicy policy) {
        return of(policy, ConnectionPoolSettings.getDefaultInstance());
    }

    /** The same where the mesh has a pool of its own for policies without one. */
    public static TcpSettings of(TrafficPolicy policy, ConnectionPoolSettings standard) {
        ConnectionPoolSettings pool = policy.hasConnectionPool() ? policy.getConnectionPool() : standard;
        ConnectionPoolSettings.TCPSettings tcp = pool.getTcp();
        return new TcpSettings(
                tcp.hasIdleTimeout() ? Optional.of(tcp.getIdleTimeout()) : Optional.empty(),
                tcp.hasMaxConnectionDuration() ? Optional.of(tcp.getMaxConnectionDuration()) : Optional.empty(),
                policy.hasTunnel() ? Optional.of(tunnel(policy.getTunnel())) : Optional.empty());
    }

    private static Tunnel tunnel(TrafficPolicy.TunnelSettings settings) {
        return new Tunnel(
                settings.getTargetHost() + ":" + settings.getTargetPort(),
                settings.getProtocol().equals("POST"));
    }

    void apply(TcpProxy.Builder proxy) {
        idle.ifPresent(proxy::setIdleTimeout);
        longest.ifPresent(proxy::setMaxDownstreamConnectionDuration);
        tunnel.ifPresent(through -> proxy.setTunnelingConfig(TcpProxy.TunnelingConfig.newBuilder()
                .setHostname(through.target())
                .setUsePost(through.post())));
    }
}
