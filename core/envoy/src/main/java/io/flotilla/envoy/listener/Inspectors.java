package io.flotilla.envoy.listener;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilterChainMatchPredicate;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.type.v3.Int32Range;
import io.flotilla.envoy.Wire;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Listener filters that look at a connection before its filter chain is chosen. */
public final class Inspectors {
    /** What the HTTP inspector tells as application protocol of plaintext. */
    public static final List<String> PLAIN_HTTP = List.of("http/1.0", "http/1.1", "h2c");

    private Inspectors() {}

    /** Recovers where a redirected connection was going to. */
    static ListenerFilter originalDestination() {
        return filter("envoy.filters.listener.original_dst", OriginalDst.getDefaultInstance());
    }

    /** Detects TLS, its SNI and its ALPN. */
    public static ListenerFilter tls() {
        return filter("envoy.filters.listener.tls_inspector", TlsInspector.getDefaultInstance());
    }

    /** Takes who called from the PROXY protocol of what stands before; a connection without it ends. */
    public static ListenerFilter proxyProtocol() {
        return filter("envoy.filters.listener.proxy_protocol", ProxyProtocol.getDefaultInstance());
    }

    /** Detects plaintext HTTP. */
    static ListenerFilter http() {
        return filter("envoy.filters.listener.http_inspector", HttpInspector.getDefaultInstance());
    }

    /** The filter, only on some ports: on others it would make a client wait that speaks second. */
    static ListenerFilter onlyOn(ListenerFilter filter, Collection<Integer> ports) {
        ListenerFilterChainMatchPredicate on = anyOf(ports);
        return filter.toBuilder()
                .setFilterDisabled(
                        ListenerFilterChainMatchPredicate.newBuilder().setNotMatch(on))
                .build();
    }

    /** The filter, but not on some ports. */
    static ListenerFilter exceptOn(ListenerFilter filter, Collection<Integer> ports) {
        return ports.isEmpty()
                ? filter
                : filter.toBuilder().setFilterDisabled(anyOf(ports)).build();
    }

    private static ListenerFilterChainMatchPredicate anyOf(Collection<Integer> ports) {
        List<ListenerFilterChainMatchPredicate> each = new TreeSet<>(ports)
                .stream()
                        .map(port -> ListenerFilterChainMatchPredicate.newBuilder()
                                .setDestinationPortRange(
                                        Int32Range.newBuilder().setStart(port).setEnd(port + 1))
                                .build())
                        .toList();
        // Envoy wants at least two members of an "or".
        return each.size() == 1
                ? each.getFirst()
                : ListenerFilterChainMatchPredicate.newBuilder()
                        .setOrMatch(ListenerFilterChainMatchPredicate.MatchSet.newBuilder()
                                .addAllRules(each))
                        .build();
    }

    private static ListenerFilter filter(String name, Message config) {
        return ListenerFilter.newBuilder()
                .setName(name)
                .setTypedConfig(Wire.any(config))
                .build();
    }
}
