package io.flotilla.envoy.listener;

import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.filter.AccessLogs;
import io.flotilla.envoy.filter.Collectors;
import io.flotilla.envoy.filter.HttpConnectionManagers;
import io.flotilla.envoy.filter.TcpProxies;
import io.flotilla.envoy.filter.TcpProxies.Share;
import io.flotilla.envoy.filter.TcpSettings;
import io.flotilla.envoy.revocation.Drains;
import io.flotilla.envoy.revocation.RevokedPeers;
import io.flotilla.envoy.route.InboundRoutes;
import io.flotilla.envoy.tls.EdgeCredentials;
import io.flotilla.envoy.tls.EdgeTls;
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
 * @param peers      who may be a member of the mesh
 */
record InboundChains(InboundPorts.Port port, boolean matchPort, Collectors collectors, MeshPeers peers) {
    List<FilterChain> build() {
        List<FilterChain> chains = new ArrayList<>();
        if (port.mode() != MtlsMode.DISABLE) {
            mesh(chains);
        }
        if (port.mode() == MtlsMode.DISABLE && port.ingress().ownTls()) {
            boolean requests = port.protocol().isHttp();
            chains.add(Chains.of(
                    name("tls"),
                    match(Chains.TLS, List.of()),
                    requests ? http(false) : tcp(),
                    collectors
                            .conduct()
                            .tls()
                            .other(EdgeTls.of(
                                    port.ingress().tls(), requests, peers.members(), EdgeCredentials.none()))));
        } else if (port.mode() != MtlsMode.STRICT) {
            plain(chains);
        }
        return chains;
    }

    // An application's own TLS has no mark of the mesh; STRICT takes it for mesh TLS and so refuses it.
    private void mesh(List<FilterChain> chains) {
        boolean strict = port.mode() == MtlsMode.STRICT;
        if (port.protocol().isHttp()) {
            chains.add(meshHttp(strict ? List.of() : MeshTls.ALL));
        } else if (port.protocol() == Protocol.AUTO) {
            chains.add(meshHttp(MeshTls.HTTP));
            chains.add(meshTcp(strict ? List.of() : List.of(MeshTls.ALPN_TCP)));
        } else {
            chains.add(meshTcp(strict ? List.of() : MeshTls.ALL));
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

    private FilterChain meshHttp(List<String> applications) {
        return Chains.ofPeers(
                name("mtls-http"),
                match(Chains.TLS, applications),
                http(true),
                collectors.conduct().tls().mesh(MeshTls.serverSide(peers.members())));
    }

    private FilterChain meshTcp(List<String> applications) {
        return Drains.by(
                peers.drained(),
                Chains.ofPeers(
                        name("mtls-tcp"),
                        match(Chains.TLS, applications),
                        Chains.joined(List.of(RevokedPeers.tcp()), tcp()),
                        collectors.conduct().tls().mesh(MeshTls.serverSide(peers.members()))));
    }

    private FilterChainMatch match(String transport, List<String> applications) {
        FilterChainMatch.Builder match = Chains.transport(transport, applications);
        if (matchPort) {
            match.setDestinationPort(Wire.number(port.number()));
        }
        return match.build();
    }

    private List<Filter> http(boolean mesh) {
        Filter manager = HttpConnectionManagers.inbound(
                "inbound_0.0.0.0_" + port.number(),
                InboundRoutes.to(port.number(), port.operation(), mesh),
                mesh,
                port.guards(),
                collectors);
        return port.guards().plugins().around(List.of(), List.of(manager));
    }

    private List<Filter> tcp() {
        TcpSettings settings = TcpSettings.of(TrafficPolicy.newBuilder()
                .setConnectionPool(port.ingress().pool())
                .build());
        Filter proxy = TcpProxies.split(
                List.of(new Share(Names.inbound(port.number()), 1, settings)), collectors, AccessLogs.Side.INBOUND);
        return Chains.joined(port.guards().tcp(port.protocol() == Protocol.AUTO), List.of(proxy));
    }

    private String name(String kind) {
        return Names.inbound(port.number()) + kind;
    }
}
