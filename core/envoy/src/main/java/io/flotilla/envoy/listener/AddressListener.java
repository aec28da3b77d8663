package io.flotilla.envoy.listener;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.flotilla.envoy.Tuning;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.filter.AccessLogs;
import io.flotilla.envoy.filter.Collectors;
import io.flotilla.envoy.filter.HttpConnectionManagers;
import io.flotilla.envoy.filter.TcpProxies;
import java.util.List;

/**
 * Everything that the listener of one service address and port is made of.
 *
 * @param unnamed    HTTP is told from TCP by looking
 * @param ways       where connections go, the catch-all last
 */
record AddressListener(
        String address, int port, boolean unnamed, List<TcpRoutes.Way> ways, Collectors collectors, Tuning tuning) {
    Listener build() {
        String name = address + "_" + port;
        Listener.Builder listener = Listener.newBuilder()
                .setName(name)
                .setAddress(Wire.address(address, port))
                .setTrafficDirection(TrafficDirection.OUTBOUND)
                .setBindToPort(Wire.no());
        boolean names = ways.stream().anyMatch(way -> !way.serverNames().isEmpty());
        if (names || unnamed) {
            listener.addListenerFilters(Inspectors.tls());
        }
        if (unnamed) {
            listener.addListenerFilters(Inspectors.http())
                    .setListenerFiltersTimeout(
                            Durations.fromNanos(tuning.serverFirstDelay().toNanos()))
                    .setContinueOnListenerFiltersTimeout(true)
                    .addFilterChains(Chains.of(
                            name + "_http",
                            Chains.transport(Chains.PLAIN, Inspectors.PLAIN_HTTP)
                                    .build(),
                            HttpConnectionManagers.outbound(
                                    "outbound_" + name,
                                    Integer.toString(port),
                                    collectors.plugins().at(port),
                                    collectors)));
        }
        for (TcpRoutes.Way way : ways) {
            FilterChainMatch.Builder match = way.match();
            List<Filter> proxy = collectors
                    .plugins()
                    .at(port)
                    .around(List.of(), TcpProxies.ending(way.shares(), collectors, AccessLogs.Side.OUTBOUND));
            if (way.catchesAll()) {
                listener.setDefaultFilterChain(Chains.fallback(name, proxy));
            } else {
                listener.addFilterChains(Chains.of(name + "_" + listener.getFilterChainsCount(), match.build(), proxy));
            }
        }
        collectors.listener(listener, AccessLogs.Side.OUTBOUND);
        return listener.build();
    }
}
