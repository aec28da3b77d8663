package io.flotilla.envoy.cluster;

import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.UpstreamConnectionOptions;
import io.envoyproxy.envoy.config.core.v3.TcpKeepalive;
import io.envoyproxy.envoy.type.v3.Percent;
import io.flotilla.api.networking.v1alpha3.ConnectionPoolSettings;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.envoy.NewerFields;
import io.flotilla.envoy.Wire;

/** Limits of a cluster's connections (DestinationRule trafficPolicy.connectionPool); 0 is "not set". */
public final class ConnectionPools {
    // The largest of an unsigned 32-bit number: no limit.
    private static final UInt32Value UNLIMITED = UInt32Value.of(-1);
    private static final int CLASSIC_RETRIES = 1024;

    private ConnectionPools() {}

    /** No limits, for clusters that no rule is about. */
    static CircuitBreakers unlimited() {
        return CircuitBreakers.newBuilder()
                .addThresholds(CircuitBreakers.Thresholds.newBuilder()
                        .setMaxConnections(UNLIMITED)
                        .setMaxPendingRequests(UNLIMITED)
                        .setMaxRequests(UNLIMITED)
                        .setMaxRetries(UNLIMITED))
                .build();
    }

    /** Nothing is limited unless the rule says so; classic mode keeps Envoy's own limits. */
    static void apply(Cluster.Builder cluster, TrafficPolicy policy, boolean classic) {
        ConnectionPoolSettings settings = policy.getConnectionPool();
        CircuitBreakers.Thresholds.Builder limits = CircuitBreakers.Thresholds.newBuilder();
        if (classic) {
            limits.setMaxRetries(Wire.number(CLASSIC_RETRIES));
        } else {
            limits.mergeFrom(unlimited().getThresholds(0));
        }
        ConnectionPoolSettings.TCPSettings tcp = settings.getTcp();
        if (tcp.getMaxConnections() > 0) {
            limits.setMaxConnections(Wire.number(tcp.getMaxConnections()));
        }
        ConnectionPoolSettings.HTTPSettings http = settings.getHttp();
        if (http.getHttp1MaxPendingRequests() > 0) {
            limits.setMaxPendingRequests(Wire.number(http.getHttp1MaxPendingRequests()));
        }
        if (http.getHttp2MaxRequests() > 0) {
            limits.setMaxRequests(Wire.number(http.getHttp2MaxRequests()));
        }
        if (http.getMaxRetries() > 0) {
            limits.setMaxRetries(Wire.number(http.getMaxRetries()));
        }
        if (policy.hasRetryBudget()) {
            limits.setRetryBudget(budget(policy.getRetryBudget()));
        }
        cluster.setCircuitBreakers(CircuitBreakers.newBuilder().addThresholds(limits));
        if (tcp.hasConnectTimeout()) {
            cluster.setConnectTimeout(tcp.getConnectTimeout());
        }
        if (tcp.hasTcpKeepalive()) {
            cluster.setUpstreamConnectionOptions(
                    UpstreamConnectionOptions.newBuilder().setTcpKeepalive(keepalive(tcp.getTcpKeepalive())));
        }
    }

    /** Shares of the requests in flight, or of those of an interval, instead of a number. */
    private static CircuitBreakers.Thresholds.RetryBudget budget(TrafficPolicy.RetryBudget settings) {
        CircuitBreakers.Thresholds.RetryBudget.Builder budget = CircuitBreakers.Thresholds.RetryBudget.newBuilder();
        if (settings.hasPercent()) {
            budget.setBudgetPercent(
                    Percent.newBuilder().setValue(settings.getPercent().getValue()));
        }
        if (settings.getMinRetryConcurrency() > 0) {
            budget.setMinRetryConcurrency(Wire.number(settings.getMinRetryConcurrency()));
        }
        if (settings.hasBudgetInterval()) {
            NewerFields.interval(budget, settings.getBudgetInterval());
        }
        return budget.build();
    }

    /** How the kernel looks whether a peer is still there. */
    public static TcpKeepalive keepalive(ConnectionPoolSettings.TCPSettings.TcpKeepalive settings) {
        TcpKeepalive.Builder keepalive = TcpKeepalive.newBuilder();
        if (settings.getProbes() > 0) {
            keepalive.setKeepaliveProbes(Wire.number(settings.getProbes()));
        }
        if (settings.hasTime()) {
            keepalive.setKeepaliveTime(Wire.number((int) settings.getTime().getSeconds()));
        }
        if (settings.hasInterval()) {
            keepalive.setKeepaliveInterval(
                    Wire.number((int) settings.getInterval().getSeconds()));
        }
        return keepalive.build();
    }
}
