package io.flotilla.envoy.listener;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.flotilla.api.networking.v1alpha3.CaptureMode;
import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.Capture;
import io.flotilla.envoy.Families;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.Tuning;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.filter.AccessLogs;
import io.flotilla.envoy.filter.Collectors;
import io.flotilla.envoy.filter.TcpProxies;
import java.util.ArrayList;
import java.util.List;

/** A sidecar's inbound side: one listener for all captured ports, or one per port where nothing is captured. */
public final class InboundListeners {
    private InboundListeners() {}

    /** The listeners of a sidecar. */
    public static List<Listener> of(Scope scope) {
        List<InboundPorts.Port> ports = InboundPorts.of(scope);
        Collectors collectors = Collectors.of(scope);
        MeshPeers peers = MeshPeers.of(scope);
        return switch (scope.view().capture()) {
            case Capture.Redirect redirect -> {
                List<InboundPorts.Port> captured =
                        ports.stream().filter(port -> !port.ingress().bound()).toList();
                List<Listener> listeners = new ArrayList<>();
                Captured key = new Captured(
                        new At(redirect.families(), scope.capturePorts().inbound()),
                        captured,
                        UndeclaredPorts.of(scope, captured),
                        collectors,
                        peers,
                        scope.tuning());
                listeners.add(scope.cache().get(key, Captured::build));
                ports.stream()
                        .filter(port -> port.ingress().bound())
                        .map(port -> bound(scope, redirect.families().everywhere(), port, collectors))
                        .forEach(listeners::add);
                yield listeners;
            }
            case Capture.Explicit explicit ->
                ports.stream()
                        .filter(port -> port.ingress().mode() != CaptureMode.IPTABLES)
                        .map(port -> bound(scope, List.of(explicit.address()), port, collectors))
                        .toList();
        };
    }

    private static Listener bound(Scope scope, List<String> usual, InboundPorts.Port port, Collectors collectors) {
        String bind = port.ingress().bind();
        return scope.cache()
                .get(
                        new Bound(
                                bind.isEmpty() ? usual : List.of(bind),
                                port,
                                collectors,
                                MeshPeers.of(scope),
                                scope.tuning()),
                        Bound::build);
    }

    /** Where captured connections arrive. */
    record At(Families families, int port) {}

    /** Everything that the capturing listener is made of; others are the ports that are not declared. */
    record Captured(
            At at,
            List<InboundPorts.Port> ports,
            UndeclaredPorts others,
            Collectors collectors,
            MeshPeers peers,
            Tuning tuning) {
        Listener build() {
            Listener.Builder listener = Listener.newBuilder()
                    .setName("virtualInbound")
                    .setTrafficDirection(TrafficDirection.INBOUND)
                    .addListenerFilters(Inspectors.originalDestination());
            Wire.at(listener, at.families().everywhere(), at.port());
            inspect(listener);
            listener.addFilterChains(loop());
            ports.forEach(
                    port -> listener.addAllFilterChains(new InboundChains(port, true, collectors, peers).build()));
            listener.addAllFilterChains(others.chains(collectors, peers));
            waiting(listener, ports, tuning);
            collectors.listener(listener, AccessLogs.Side.INBOUND);
            return listener.build();
        }

        private void inspect(Listener.Builder listener) {
            List<Integer> plain = new ArrayList<>(numbers(ports.stream()
                    .filter(port -> port.mode() == MtlsMode.DISABLE
                            && port.protocol() != Protocol.AUTO
                            && !port.ingress().ownTls())
                    .toList()));
            List<Integer> tls = new ArrayList<>(numbers(ports.stream()
                    .filter(port -> !plain.contains(port.number()))
                    .toList()));
            if (others.strict()) {
                plain.addAll(others.numbers());
                listener.addListenerFilters(Inspectors.exceptOn(Inspectors.tls(), plain));
            } else {
                tls.addAll(others.numbers());
                if (!tls.isEmpty()) {
                    listener.addListenerFilters(Inspectors.onlyOn(Inspectors.tls(), tls));
                }
            }
            List<Integer> unnamed = numbers(ports.stream()
                    .filter(port -> port.protocol() == Protocol.AUTO)
                    .toList());
            if (!unnamed.isEmpty()) {
                listener.addListenerFilters(Inspectors.onlyOn(Inspectors.http(), unnamed));
            }
        }

        private static List<Integer> numbers(List<InboundPorts.Port> ports) {
            return ports.stream().map(InboundPorts.Port::number).toList();
        }

        // A connection to the proxy's own port would come back to it for ever.
        private FilterChain loop() {
            return Chains.of(
                    "virtualInbound-blackhole",
                    FilterChainMatch.newBuilder()
                            .setDestinationPort(Wire.number(at.port()))
                            .build(),
                    TcpProxies.to(Names.BLACK_HOLE, collectors, AccessLogs.Side.INBOUND));
        }
    }

    /** Everything that a listener on a pod's own address is made of. */
    record Bound(
            List<String> addresses, InboundPorts.Port port, Collectors collectors, MeshPeers peers, Tuning tuning) {
        Listener build() {
            Listener.Builder listener = Listener.newBuilder()
                    .setName(addresses.getFirst() + "_" + port.number())
                    .setTrafficDirection(TrafficDirection.INBOUND)
                    .addListenerFilters(Inspectors.tls())
                    .addAllFilterChains(new InboundChains(port, false, collectors, peers).build());
            if (port.protocol() == Protocol.AUTO) {
                listener.addListenerFilters(Inspectors.http());
            }
            Wire.at(listener, addresses, port.number());
            waiting(listener, List.of(port), tuning);
            collectors.listener(listener, AccessLogs.Side.INBOUND);
            return listener.build();
        }
    }

    // Envoy waits for ever, but where a server may speak first only as long as the setting says.
    private static void waiting(Listener.Builder listener, List<InboundPorts.Port> ports, Tuning tuning) {
        List<InboundPorts.Port> hanging = new ArrayList<>(ports);
        hanging.removeIf(port -> !port.mayHang());
        if (hanging.isEmpty()) {
            listener.setListenerFiltersTimeout(Durations.ZERO);
        } else {
            listener.setListenerFiltersTimeout(
                            Durations.fromNanos(tuning.serverFirstDelay().toNanos()))
                    .setContinueOnListenerFiltersTimeout(true);
        }
    }
}
