package io.flotilla.envoy.gateway;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.sni_cluster.v3.SniCluster;
import io.flotilla.api.networking.v1alpha3.ServerTLSSettings;
import io.flotilla.envoy.Families;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.authz.Guards;
import io.flotilla.envoy.filter.AccessLogs;
import io.flotilla.envoy.filter.Collectors;
import io.flotilla.envoy.filter.EdgeLimits;
import io.flotilla.envoy.filter.HttpConnectionManagers;
import io.flotilla.envoy.filter.TcpProxies;
import io.flotilla.envoy.gateway.EdgeServers.EdgeServer;
import io.flotilla.envoy.gateway.EdgeServers.Kind;
import io.flotilla.envoy.gateway.EdgeServers.Place;
import io.flotilla.envoy.listener.Chains;
import io.flotilla.envoy.listener.Inspectors;
import io.flotilla.envoy.listener.TcpRoutes;
import io.flotilla.envoy.revocation.RevokedPeers;
import io.flotilla.envoy.tls.EdgeCredentials;
import io.flotilla.envoy.tls.EdgeTls;
import io.flotilla.envoy.tls.Members;
import io.flotilla.envoy.tls.MeshTls;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything that one listener of an edge is made of.
 *
 * @param place   what it listens on
 * @param members servers of kinds that mix, first come first served where two want the same connections
 * @param families of addresses that the router has
 * @param mesh    whose identities are members
 * @param credentials who serves what the servers name
 */
record EdgeListener(
        Place place,
        List<Member> members,
        Families families,
        Collectors collectors,
        Members mesh,
        EdgeCredentials credentials) {
    private static final FilterChainMatch EVERYTHING = FilterChainMatch.getDefaultInstance();
    private static final Filter SNI_CLUSTER = Filter.newBuilder()
            .setName("envoy.filters.network.sni_cluster")
            .setTypedConfig(Wire.any(SniCluster.getDefaultInstance()))
            .build();

    /** A server, where its connections go unless they are HTTP, and what stands before them. */
    record Member(EdgeServer server, List<TcpRoutes.Way> ways, Guards guards) {
        /** Without the names that another server has, to which its own are added: Envoy refuses a name given twice. */
        Member without(Set<String> taken) {
            return new Member(
                    server,
                    ways.stream()
                            .map(way -> new TcpRoutes.Way(
                                    way.serverNames().stream()
                                            .filter(taken::add)
                                            .toList(),
                                    way.subnets(),
                                    way.sources(),
                                    way.shares()))
                            .filter(way -> !way.serverNames().isEmpty())
                            .toList(),
                    guards);
        }
    }

    Listener build() {
        boolean everywhere = place.bind().isEmpty();
        Listener.Builder listener = Listener.newBuilder()
                .setName((everywhere ? EdgeServers.ANY : place.bind()) + "_" + place.port())
                .setTrafficDirection(TrafficDirection.OUTBOUND);
        Wire.at(listener, everywhere ? families.everywhere() : List.of(place.bind()), place.port());
        if (collectors.conduct().topology().hasProxyProtocol()) {
            listener.addListenerFilters(Inspectors.proxyProtocol());
        }
        if (members.getFirst().server().kind().tls()) {
            listener.addListenerFilters(Inspectors.tls()).setListenerFiltersTimeout(Durations.fromSeconds(15));
        }
        Set<FilterChainMatch> taken = new HashSet<>();
        Set<String> told = new HashSet<>();
        for (Member each : members) {
            Member member = each.server().kind() == Kind.AUTO_PASSTHROUGH ? each.without(told) : each;
            chains(member).stream()
                    .filter(chain -> taken.add(chain.getFilterChainMatch()))
                    .forEach(listener::addFilterChains);
        }
        collectors.listener(listener, AccessLogs.Side.GATEWAY);
        EdgeLimits.listener(listener, collectors.conduct());
        return listener.build();
    }

    private List<FilterChain> chains(Member member) {
        EdgeServer server = member.server();
        return switch (server.kind()) {
            case HTTP -> List.of(Chains.of(server.routeName(), EVERYTHING, requests(member)));
            case HTTPS ->
                List.of(Chains.ofPeers(
                        server.routeName(),
                        names(server.hostNames()),
                        requests(member),
                        tls(server.server().getTls(), true)));
            case TLS -> terminated(member);
            case PASSTHROUGH -> passed(member);
            case AUTO_PASSTHROUGH ->
                member.ways().stream().map(way -> told(member, way)).toList();
            case TCP ->
                member.ways().stream()
                        .filter(way -> way.serverNames().isEmpty())
                        .map(way -> Chains.of("tcp", EVERYTHING, proxy(member, way)))
                        .toList();
        };
    }

    private List<FilterChain> terminated(Member member) {
        return member.ways().stream()
                .filter(way -> way.serverNames().isEmpty())
                .limit(1)
                .map(way -> Chains.ofPeers(
                        member.server().routeName(),
                        names(member.server().hostNames()),
                        Chains.joined(List.of(RevokedPeers.tcp()), proxy(member, way)),
                        tls(member.server().server().getTls(), false)))
                .toList();
    }

    // Addresses that the caller asked for are the gateway's own here, so only names and the caller tell.
    private static FilterChainMatch named(TcpRoutes.Way way) {
        TcpRoutes.Way told = new TcpRoutes.Way(List.of(), List.of(), way.sources(), way.shares());
        return told.match().mergeFrom(names(way.serverNames())).build();
    }

    private List<FilterChain> passed(Member member) {
        return member.ways().stream()
                .filter(way -> !way.serverNames().isEmpty())
                .map(way ->
                        Chains.of("passthrough_" + String.join("_", way.serverNames()), named(way), proxy(member, way)))
                .toList();
    }

    // The name is the cluster; the names that match are all that there are.
    private FilterChain told(Member member, TcpRoutes.Way way) {
        FilterChainMatch match = FilterChainMatch.newBuilder()
                .setTransportProtocol(Chains.TLS)
                .addAllServerNames(way.serverNames())
                .addAllApplicationProtocols(MeshTls.ALL)
                .build();
        return FilterChain.newBuilder()
                .setName("sni_cluster")
                .setFilterChainMatch(match)
                .addFilters(SNI_CLUSTER)
                .addAllFilters(proxy(member, way))
                .build();
    }

    private TransportSocket tls(ServerTLSSettings settings, boolean http) {
        TransportSocket socket = EdgeTls.of(settings, http, mesh, credentials);
        return settings.getMode() == ServerTLSSettings.TLSmode.ISTIO_MUTUAL
                ? collectors.conduct().tls().mesh(socket)
                : collectors.conduct().tls().other(socket);
    }

    private List<Filter> requests(Member member) {
        Filter manager =
                HttpConnectionManagers.edge(prefix(), member.server().routeName(), member.guards(), collectors);
        return member.guards().plugins().around(List.of(), List.of(manager));
    }

    private List<Filter> proxy(Member member, TcpRoutes.Way way) {
        List<Filter> filters = new ArrayList<>(member.guards().tcp(false));
        filters.addAll(TcpProxies.ending(way.shares(), collectors, AccessLogs.Side.GATEWAY));
        return filters;
    }

    private String prefix() {
        return "outbound_0.0.0.0_" + place.port();
    }

    private static FilterChainMatch names(List<String> hosts) {
        FilterChainMatch.Builder match = FilterChainMatch.newBuilder().setTransportProtocol(Chains.TLS);
        return hosts.contains("*")
                ? match.build()
                : match.addAllServerNames(hosts).build();
    }
}
