package io.flotilla.envoy.listener;

import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.revocation.PeerFacts;
import java.util.List;
import java.util.stream.Stream;

/** Filter chains and what they match. */
public final class Chains {
    /** Transport protocol of TLS, as the TLS inspector tells it. */
    public static final String TLS = "tls";

    /** Transport protocol of everything else. */
    public static final String PLAIN = "raw_buffer";

    private Chains() {}

    public static FilterChain of(String name, FilterChainMatch match, Filter filter) {
        return FilterChain.newBuilder()
                .setName(name)
                .setFilterChainMatch(match)
                .addFilters(filter)
                .build();
    }

    public static FilterChain of(String name, FilterChainMatch match, List<Filter> filters) {
        return FilterChain.newBuilder()
                .setName(name)
                .setFilterChainMatch(match)
                .addAllFilters(filters)
                .build();
    }

    /** A chain whose connections are decrypted. */
    public static FilterChain of(String name, FilterChainMatch match, Filter filter, TransportSocket socket) {
        return of(name, match, filter).toBuilder().setTransportSocket(socket).build();
    }

    /** A chain whose clients show certificates of the mesh: revoked ones are refused. */
    public static FilterChain ofPeers(
            String name, FilterChainMatch match, List<Filter> filters, TransportSocket socket) {
        return FilterChain.newBuilder()
                .setName(name)
                .setFilterChainMatch(match)
                .addFilters(PeerFacts.filter())
                .addAllFilters(filters)
                .setTransportSocket(socket)
                .build();
    }

    /** A chain whose connections are decrypted. */
    public static FilterChain of(String name, FilterChainMatch match, List<Filter> filters, TransportSocket socket) {
        return of(name, match, filters).toBuilder().setTransportSocket(socket).build();
    }

    /** The filters of both, in this order. */
    public static List<Filter> joined(List<Filter> first, List<Filter> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** A chain for what no other matches. */
    public static FilterChain fallback(String name, Filter filter) {
        return FilterChain.newBuilder().setName(name).addFilters(filter).build();
    }

    /** A chain for what no other matches. */
    public static FilterChain fallback(String name, List<Filter> filters) {
        return FilterChain.newBuilder().setName(name).addAllFilters(filters).build();
    }

    static FilterChainMatch.Builder transport(String protocol, List<String> applications) {
        return FilterChainMatch.newBuilder().setTransportProtocol(protocol).addAllApplicationProtocols(applications);
    }

    /** "10.0.0.0/8" or an address alone. */
    static CidrRange cidr(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        int whole = address.contains(":") ? 128 : 32;
        return CidrRange.newBuilder()
                .setAddressPrefix(address)
                .setPrefixLen(Wire.number(slash < 0 ? whole : Integer.parseInt(text.substring(slash + 1))))
                .build();
    }
}
