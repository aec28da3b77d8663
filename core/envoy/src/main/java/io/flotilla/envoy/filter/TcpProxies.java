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
     * @param lookup   the port on which the name in the client's TLS is called; 0 for a cluster of other endpoints
     */
    public record Share(String cluster, int weight, TcpSettings settings, int lookup) {
        public Share(String cluster, int weight, TcpSettings settings) {
            this(cluster, weight, settings, 0);
        }

        public Share(String cluster, int weight) {
            this(cluster, weight, TcpSettings.NONE);
        }
    }

    /** The end of a chain: to several, behind what looks names up for them. */
    public static List<Filter> ending(List<Share> shares, Collectors collectors, AccessLogs.Side side) {
        Filter proxy = split(shares, collectors, side);
        return shares.stream()
                .filter(share -> share.lookup() > 0)
                .findFirst()
                .flatMap(share -> collectors.conduct().names().map(names -> names.tls(share.lookup())))
                .map(lookup -> List.of(lookup, proxy))
                .orElse(List.of(proxy));
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
