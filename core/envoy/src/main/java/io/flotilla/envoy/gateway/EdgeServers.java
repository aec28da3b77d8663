package io.flotilla.envoy.gateway;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.Server;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.tls.EdgeTls;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The servers of all Gateways that choose a router, by the place that it listens on. */
final class EdgeServers {
    static final String ANY = "0.0.0.0";
    private static final Set<String> HTTP = Set.of("HTTP", "HTTP2", "GRPC", "GRPC-WEB");

    private EdgeServers() {}

    /**
     * Where a router listens.
     *
     * @param bind an address or a socket's path; empty for all addresses
     */
    record Place(int port, String bind) implements Comparable<Place> {
        private static final Comparator<Place> ORDER =
                Comparator.comparingInt(Place::port).thenComparing(Place::bind);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    /** What an edge does with a server's connections. */
    enum Kind {
        HTTP,
        /** TLS ends here, HTTP inside. */
        HTTPS,
        /** TLS passes, chosen by name. */
        PASSTHROUGH,
        /** Mesh TLS passes to the service that its name tells. */
        AUTO_PASSTHROUGH,
        /** TLS ends here, anything inside. */
        TLS,
        TCP;

        /** Whether callers begin with TLS, whose names tell servers apart. */
        boolean tls() {
            return this != HTTP && this != TCP;
        }

        /** Whether one port can serve both: HTTP in the clear, TLS and TCP are each for themselves, as in Istio. */
        boolean mixesWith(Kind other) {
            return this == other || (tls() && other.tls());
        }
    }

    /**
     * One server.
     *
     * @param listen what the router listens on for this port
     */
    record EdgeServer(ObjectKey gateway, Server server, Kind kind, int listen) {
        int port() {
            return server.getPort().getNumber();
        }

        Place place() {
            String bind = server.getBind();
            return new Place(listen, bind.equals(ANY) ? "" : bind);
        }

        /** "NAMESPACE/NAME" of its Gateway, as VirtualServices name it. */
        String gatewayName() {
            return gateway.namespace() + "/" + gateway.name();
        }

        /** The RouteConfiguration of its requests; servers of plaintext HTTP in one place share it. */
        String routeName() {
            String bind = place().bind().isEmpty() ? "" : "." + place().bind();
            return kind == Kind.HTTP
                    ? "http." + port() + bind
                    : "https." + port() + "." + server.getPort().getName() + "." + gateway.name() + "."
                            + gateway.namespace() + bind;
        }

        /** The cluster of its defaultEndpoint; empty where it has none. */
        Optional<String> defaultCluster() {
            String endpoint = server.getDefaultEndpoint();
            return endpoint.isEmpty() ? Optional.empty() : Optional.of(Names.edgeDefault(endpoint));
        }

        /** Its hosts without the namespaces that may use them; "*" for all. */
        List<String> hostNames() {
            return server.getHostsList().stream()
                    .map(host -> host.substring(host.indexOf('/') + 1))
                    .toList();
        }
    }

    /** Servers that can be served beside the first of their place, those of the oldest Gateway first. */
    static Map<Place, List<EdgeServer>> of(Scope scope) {
        Map<Place, List<EdgeServer>> byPlace = wanted(scope);
        byPlace.replaceAll((place, servers) -> servers.stream()
                .filter(server -> server.kind().mixesWith(servers.getFirst().kind()))
                .toList());
        return byPlace;
    }

    /** All servers that Gateways want in a place, those of the oldest first: the first says what kind. */
    static Map<Place, List<EdgeServer>> wanted(Scope scope) {
        Map<Integer, Integer> listening = listening(scope);
        Map<Place, List<EdgeServer>> byPlace = new TreeMap<>();
        for (Config<Gateway> gateway : scope.snapshot().gateways(scope.view().labels())) {
            for (Server server : gateway.spec().getServersList()) {
                int listen = listening.getOrDefault(
                        server.getPort().getNumber(), server.getPort().getNumber());
                kind(server)
                        .map(kind -> new EdgeServer(gateway.key(), server, kind, listen))
                        .ifPresent(each -> byPlace.computeIfAbsent(each.place(), place -> new ArrayList<>())
                                .add(each));
            }
        }
        return byPlace;
    }

    // The router's own service tells which of its ports stands behind the one that callers use.
    private static Map<Integer, Integer> listening(Scope scope) {
        Map<Integer, Integer> listening = new TreeMap<>();
        for (MeshSnapshot.InboundPort port : scope.snapshot()
                .inboundPorts(scope.view().namespace(), scope.view().labels())) {
            listening.putIfAbsent(port.servicePort().number(), port.endpointPort());
        }
        return listening;
    }

    private static Optional<Kind> kind(Server server) {
        String protocol = server.getPort().getProtocol().toUpperCase(Locale.ROOT);
        boolean terminates = server.hasTls() && EdgeTls.terminates(server.getTls());
        @Nullable
        Kind passing = switch (server.getTls().getMode()) {
            case PASSTHROUGH -> Kind.PASSTHROUGH;
            case AUTO_PASSTHROUGH -> Kind.AUTO_PASSTHROUGH;
            case SIMPLE, MUTUAL, ISTIO_MUTUAL, OPTIONAL_MUTUAL, UNRECOGNIZED -> null;
        };
        return Optional.ofNullable(
                switch (protocol) {
                    case "HTTPS" -> terminates ? Kind.HTTPS : passing;
                    case "TLS" -> terminates ? Kind.TLS : passing;
                    default -> {
                        if (HTTP.contains(protocol)) {
                            yield terminates && server.getTls().getMode() != noMode() ? Kind.HTTPS : Kind.HTTP;
                        }
                        yield Kind.TCP;
                    }
                });
    }

    // A `tls` that only asks for redirects has no mode, which reads as PASSTHROUGH and so never terminates.
    private static io.flotilla.api.networking.v1alpha3.ServerTLSSettings.TLSmode noMode() {
        return io.flotilla.api.networking.v1alpha3.ServerTLSSettings.TLSmode.PASSTHROUGH;
    }
}
