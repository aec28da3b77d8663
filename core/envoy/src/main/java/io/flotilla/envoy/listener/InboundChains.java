package io.flotilla.envoy.listener;

import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.filter.AccessLogs;
import io.flotilla.envoy.filter.Collectors;
import io.flotilla.envoy.filter.HttpConnectionManagers;
import io.flotilla.envoy.filter.TcpProxies;
import io.flotilla.envoy.route.InboundRoutes;
import io.flotilla.envoy.tls.MeshTls;
import java.util.ArrayList;
import java.util.List;

/**
 * The filter chains of one inbound port.
 *
 * <p>Envoy does not step back from a port it has found: a connection to this port that none of these chains matches is
 * closed, whatever the listener has for other ports.
 *
 * @param port       the port
 * @param matchPort  chains name the port, since the listener serves several
 * @param collectors where logs go
 */
record InboundChains(InboundPorts.Port port, boolean matchPort, Collectors collectors) {
    List<FilterChain> build() {
        List<FilterChain> chains = new ArrayList<>();
        if (port.mode() != MtlsMode.DISABLE) {
            mesh(chains);
        }
        if (port.mode() != MtlsMode.STRICT) {
            plain(chains);
        }
        return chains;
    }

    // An application's own TLS has no mark of the mesh; STRICT takes it for mesh TLS and so refuses it.
    private void mesh(List<FilterChain> chains) {
        boolean strict = port.mode() == MtlsMode.STRICT;
        if (port.protocol().isHttp()) {
            chains.add(tls("mtls-http", strict ? List.of() : MeshTls.ALL, http(true)));
        } else if (port.protocol() == Protocol.AUTO) {
            chains.add(tls("mtls-http", MeshTls.HTTP, http(true)));
            chains.add(tls("mtls-tcp", strict ? List.of() : List.of(MeshTls.ALPN_TCP), tcp()));
        } else {
            chains.add(tls("mtls-tcp", strict ? List.of() : MeshTls.ALL, tcp()));
        }
    }

    private void plain(List<FilterChain> chains) {
        if (port.protocol().isHttp()) {
            chains.add(Chains.of(name("http"), match(Chains.PLAIN, List.of()), http(false)));
            chains.add(Chains.of(name("tls"), match(Chains.TLS, List.of()), tcp()));
        } else {
            if (port.protocol() == Protocol.AUTO) {
                chains.add(Chains.of(name("http"), match(Chains.PLAIN, Inspectors.PLAIN_HTTP), http(false)));
            }
            chains.add(Chains.of(name("tcp"), match(Chains.PLAIN, List.of()), tcp()));
            chains.add(Chains.of(name("tls"), match(Chains.TLS, List.of()), tcp()));
        }
    }

    private FilterChain tls(String kind, List<String> applications, Filter filter) {
        return Chains.of(name(kind), match(Chains.TLS, applications), filter, MeshTls.serverSide());
    }

    private FilterChainMatch match(String transport, List<String> applications) {
        FilterChainMatch.Builder match = Chains.transport(transport, applications);
        if (matchPort) {
            match.setDestinationPort(Wire.number(port.number()));
        }
        return match.build();
    }

    private Filter http(boolean mesh) {
        return HttpConnectionManagers.inbound(
                "inbound_0.0.0.0_" + port.number(),
                InboundRoutes.to(port.number(), port.operation(), mesh),
                mesh,
                collectors);
    }

    private Filter tcp() {
        return TcpProxies.to(Names.inbound(port.number()), collectors, AccessLogs.Side.INBOUND);
    }

    private String name(String kind) {
        return Names.inbound(port.number()) + kind;
    }
}
