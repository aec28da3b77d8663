package io.flotilla.envoy.listener;

import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.flotilla.envoy.Families;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.filter.AccessLogs;
import io.flotilla.envoy.filter.Collectors;
import io.flotilla.envoy.filter.HttpConnectionManagers;
import io.flotilla.envoy.filter.TcpProxies;
import io.flotilla.envoy.route.OutboundRoutes;
import java.util.List;

/** Where an application's connections arrive first. */
final class VirtualListeners {
    private VirtualListeners() {}

    /** The capturing listener; what it cannot hand to another passes, or ends. */
    record Outbound(String unknown, Families families, int port, Collectors collectors) {
        Listener build() {
            Listener.Builder listener = Listener.newBuilder()
                    .setName("virtualOutbound")
                    .setTrafficDirection(TrafficDirection.OUTBOUND)
                    .setUseOriginalDst(Wire.yes())
                    // A connection to the proxy's own port would come back to it for ever.
                    .addFilterChains(Chains.of(
                            "virtualOutbound-blackhole",
                            FilterChainMatch.newBuilder()
                                    .setDestinationPort(Wire.number(port))
                                    .build(),
                            TcpProxies.to(Names.BLACK_HOLE, collectors, AccessLogs.Side.OUTBOUND)))
                    .setDefaultFilterChain(Chains.fallback(
                            "virtualOutbound",
                            collectors
                                    .plugins()
                                    .at(0)
                                    .around(
                                            List.of(),
                                            List.of(TcpProxies.to(unknown, collectors, AccessLogs.Side.OUTBOUND)))));
            Wire.at(listener, families.everywhere(), port);
            return listener.build();
        }
    }

    /** The explicit HTTP proxy of pods whose connections nobody captures. */
    record HttpProxy(String address, int port, Collectors collectors) {
        Listener build() {
            return Listener.newBuilder()
                    .setName("http_proxy")
                    .setAddress(Wire.address(address, port))
                    .setTrafficDirection(TrafficDirection.OUTBOUND)
                    .addFilterChains(Chains.fallback(
                            "http_proxy",
                            HttpConnectionManagers.outbound(
                                    "outbound_http_proxy",
                                    OutboundRoutes.HTTP_PROXY,
                                    collectors.plugins().at(0),
                                    collectors)))
                    .build();
        }
    }
}
