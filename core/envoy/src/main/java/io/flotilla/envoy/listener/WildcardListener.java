package io.flotilla.envoy.listener;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.Tuning;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.filter.AccessLogs;
import io.flotilla.envoy.filter.Collectors;
import io.flotilla.envoy.filter.HttpConnectionManagers;
import io.flotilla.envoy.filter.TcpProxies;
import io.flotilla.envoy.filter.TcpProxies.Share;
import io.flotilla.envoy.wasm.Plugins;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Everything that the listener of one port on any address is made of: HTTP by its host, TLS by its name, TCP by ranges
 * of addresses, and what is left.
 *
 * @param unknown cluster for what no service expects
 * @param content what services put there
 */
record WildcardListener(Place place, String unknown, Content content, Collectors collectors, Tuning tuning) {
    /**
     * What services put on one port.
     *
     * @param http        some service speaks HTTP, or might
     * @param ways        of TLS and TCP services; the first for a name, a range or everything holds
     * @param serverFirst a TCP service there may speak first
     */
    record Content(boolean http, List<TcpRoutes.Way> ways, boolean serverFirst) {}

    static WildcardListener empty(Place place, String unknown, Collectors collectors, Tuning tuning) {
        return new WildcardListener(place, unknown, new Content(false, List.of(), false), collectors, tuning);
    }

    WildcardListener withHttp() {
        return with(new Content(true, content.ways(), content.serverFirst()));
    }

    /** With a service that is told by name (TLS), by range of addresses, or by nothing at all. */
    WildcardListener with(MeshService service, ServicePort port, List<String> ranges, List<TcpRoutes.Way> ways) {
        boolean named = TcpRoutes.isTls(port.protocol());
        List<TcpRoutes.Way> told = ways.stream()
                .map(way -> new TcpRoutes.Way(
                        named && way.serverNames().isEmpty() ? List.of(service.hostname()) : way.serverNames(),
                        way.subnets().isEmpty() ? ranges : way.subnets(),
                        way.sources(),
                        way.shares()))
                .toList();
        return with(new Content(
                content.http() || port.protocol() == Protocol.AUTO,
                Stream.concat(content.ways().stream(), told.stream()).toList(),
                content.serverFirst() || port.protocol().isServerFirst() || port.protocol() == Protocol.AUTO));
    }

    private WildcardListener with(Content changed) {
        return new WildcardListener(place, unknown, changed, collectors, tuning);
    }

    Listener build() {
        String name = place.name();
        Listener.Builder listener = Listener.newBuilder()
                .setName(name)
                .setTrafficDirection(TrafficDirection.OUTBOUND)
                .setBindToPort(place.bound() ? Wire.yes() : Wire.no());
        place.apply(listener);
        boolean names =
                content.ways().stream().anyMatch(way -> !way.serverNames().isEmpty());
        if (content.http() || names) {
            listener.addListenerFilters(Inspectors.tls());
        }
        if (content.http()) {
            listener.addListenerFilters(Inspectors.http())
                    .addFilterChains(Chains.of(
                            name + "_http",
                            Chains.transport(Chains.PLAIN, Inspectors.PLAIN_HTTP)
                                    .build(),
                            HttpConnectionManagers.outbound("outbound_" + name, place.route(), plugins(), collectors)));
            listener.setListenerFiltersTimeout(Durations.ZERO);
        }
        if (listener.getListenerFiltersCount() > 0 && content.serverFirst()) {
            listener.setListenerFiltersTimeout(
                            Durations.fromNanos(tuning.serverFirstDelay().toNanos()))
                    .setContinueOnListenerFiltersTimeout(true);
        }
        listener.addAllFilterChains(chains(name));
        listener.setDefaultFilterChain(fallback(name));
        collectors.listener(listener, AccessLogs.Side.OUTBOUND);
        return listener.build();
    }

    // Envoy refuses two chains with one match, so the first for a name and range holds.
    private List<FilterChain> chains(String name) {
        List<FilterChain> chains = new ArrayList<>();
        Set<FilterChainMatch> taken = new LinkedHashSet<>();
        for (TcpRoutes.Way way : content.ways()) {
            FilterChainMatch.Builder match = way.match();
            if (!way.catchesAll() && taken.add(match.build())) {
                chains.add(Chains.of(name + "_" + chains.size(), match.build(), proxy(way.shares())));
            }
        }
        return chains;
    }

    private Plugins plugins() {
        return collectors.plugins().at(place.port());
    }

    private List<Filter> proxy(List<Share> shares) {
        return plugins().around(List.of(), TcpProxies.ending(shares, collectors, AccessLogs.Side.OUTBOUND));
    }

    private FilterChain fallback(String name) {
        List<Share> shares = content.ways().stream()
                .filter(TcpRoutes.Way::catchesAll)
                .findFirst()
                .map(TcpRoutes.Way::shares)
                .orElse(List.of(new Share(unknown, 1)));
        return Chains.fallback(name + "_fallback", proxy(shares));
    }
}
