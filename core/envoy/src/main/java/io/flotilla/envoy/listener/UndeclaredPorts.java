package io.flotilla.envoy.listener;

import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.authz.Guards;
import io.flotilla.envoy.filter.AccessLogs;
import io.flotilla.envoy.filter.Collectors;
import io.flotilla.envoy.filter.TcpProxies;
import io.flotilla.envoy.revocation.Drains;
import io.flotilla.envoy.revocation.RevokedPeers;
import io.flotilla.envoy.tls.MeshTls;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The ports that no service has, or that a Sidecar's ingress leaves out: what comes there is passed on as it is. Nobody
 * outside knows of them, so mesh TLS comes there only where nothing else may.
 *
 * @param strict only members of the mesh are let in
 * @param guards what stands before them
 * @param apart  ports of them for which policies say the opposite
 */
record UndeclaredPorts(boolean strict, Guards guards, List<Apart> apart) {
    UndeclaredPorts {
        apart = List.copyOf(apart);
    }

    /** One port that has a say of its own. */
    record Apart(int port, Guards guards) {}

    static UndeclaredPorts of(Scope scope, List<InboundPorts.Port> declared) {
        String namespace = scope.view().namespace();
        MeshSnapshot mesh = scope.snapshot();
        boolean strict = mesh.mtlsMode(namespace, scope.view().labels(), 0) == MtlsMode.STRICT;
        TreeSet<Integer> known =
                new TreeSet<>(mesh.mtlsPorts(namespace, scope.view().labels()));
        mesh.inboundPorts(namespace, scope.view().labels()).forEach(port -> known.add(port.endpointPort()));
        declared.forEach(port -> known.remove(port.number()));
        known.removeIf(port -> (mesh.mtlsMode(namespace, scope.view().labels(), port) == MtlsMode.STRICT) == strict);
        return new UndeclaredPorts(
                strict,
                Guards.inbound(scope, 0),
                known.stream()
                        .map(port -> new Apart(port, Guards.inbound(scope, port)))
                        .toList());
    }

    /** Ports that stand apart. */
    List<Integer> numbers() {
        return apart.stream().map(Apart::port).toList();
    }

    List<FilterChain> chains(Collectors collectors, MeshPeers peers) {
        List<FilterChain> chains = new ArrayList<>();
        for (Apart each : apart) {
            chains.add(chain(
                    "virtualInbound-" + each.port(),
                    !strict,
                    FilterChainMatch.newBuilder().setDestinationPort(Wire.number(each.port())),
                    filters(each.guards(), collectors),
                    collectors,
                    peers));
        }
        chains.add(chain(
                strict ? "virtualInbound-mtls" : "virtualInbound",
                strict,
                FilterChainMatch.newBuilder(),
                filters(guards, collectors),
                collectors,
                peers));
        return chains;
    }

    private static List<Filter> filters(Guards guards, Collectors collectors) {
        return Chains.joined(
                guards.tcp(false),
                List.of(TcpProxies.to(Names.INBOUND_PASSTHROUGH, collectors, AccessLogs.Side.INBOUND)));
    }

    private static FilterChain chain(
            String name,
            boolean members,
            FilterChainMatch.Builder match,
            List<Filter> filters,
            Collectors collectors,
            MeshPeers peers) {
        return members
                ? Drains.by(
                        peers.drained(),
                        Chains.ofPeers(
                                name,
                                match.setTransportProtocol(Chains.TLS).build(),
                                Chains.joined(List.of(RevokedPeers.tcp()), filters),
                                collectors.conduct().tls().mesh(MeshTls.serverSide(peers.members()))))
                : Chains.of(name, match.build(), filters);
    }
}
