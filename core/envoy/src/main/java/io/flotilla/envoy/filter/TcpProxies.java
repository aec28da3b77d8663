package io.flotilla.envoy.filter;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.telemetry.ProviderLogs;
import java.util.List;

/** TCP proxies to one cluster or to several by weight. */
public final class TcpProxies {
    // Long connections are reported while they last, as often as Istio does.
    private static final TcpProxy.TcpAccessLogOptions REPORTS = TcpProxy.TcpAccessLogOptions.newBuilder()
            .setFlushAccessLogOnConnected(true)
            .setAccessLogFlushInterval(Durations.fromSeconds(10))
            .build();

    private TcpProxies() {}

    /**
     * A cluster and its share; shares need not sum to 100.
     *
     * @param settings of its connections; the first share's hold for all, since Envoy has one set for a proxy
     */
    public record Share(String cluster, int weight, TcpSettings settings) {
        public Share(String cluster, int weight) {
            this(cluster, weight, TcpSettings.NONE);
        }
    }

    /** To one cluster. */
    public static Filter to(String cluster, Collectors collectors, AccessLogs.Side side) {
        return split(List.of(new Share(cluster, 1)), collectors, side);
    }

    /** To several; one alone gets everything whatever its weight. */
    public static Filter split(List<Share> shares, Collectors collectors, AccessLogs.Side side) {
        TcpProxy.Builder proxy = TcpProxy.newBuilder()
                .setStatPrefix(shares.getFirst().cluster())
                .addAllAccessLog(AccessLogs.tcp(collectors, side))
                .addAllAccessLog(ProviderLogs.of(collectors.observed(side), false));
        if (!collectors.accessLog().isEmpty()) {
            proxy.setAccessLogOptions(collectors
                    .observed(side)
                    .metrics()
                    .interval()
                    .map(every ->
                            REPORTS.toBuilder().setAccessLogFlushInterval(every).build())
                    .orElse(REPORTS));
        }
        shares.getFirst().settings().apply(proxy);
        List<Share> weighted =
                shares.stream().filter(share -> share.weight() > 0).toList();
        if (shares.size() == 1 || weighted.isEmpty()) {
            proxy.setCluster(shares.getFirst().cluster());
        } else {
            TcpProxy.WeightedCluster.Builder clusters = TcpProxy.WeightedCluster.newBuilder();
            weighted.forEach(share -> clusters.addClusters(TcpProxy.WeightedCluster.ClusterWeight.newBuilder()
                    .setName(share.cluster())
                    .setWeight(share.weight())));
            proxy.setWeightedClusters(clusters);
        }
        return Filter.newBuilder()
                .setName("envoy.filters.network.tcp_proxy")
                .setTypedConfig(Wire.any(proxy.build()))
                .build();
    }
}
