package io.flotilla.envoy.proxyless;

import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.NonForwardingAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.config.snapshot.Revoked;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.authz.LibraryFilters;
import io.flotilla.envoy.bootstrap.SdsConfig;
import io.flotilla.envoy.filter.HttpFilters;
import io.flotilla.envoy.listener.InboundPorts;
import io.flotilla.envoy.listener.MeshPeers;
import io.flotilla.envoy.tls.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Listeners for gRPC's servers (gRFC A36). A server asks for the one that is named by the address on which it listens,
 * under the prefix of its bootstrap: there is one for each port that a service has, for servers that listen on all
 * addresses. So no pod's own address is in any of them.
 *
 * <p>The library cannot look at the first bytes to tell mesh TLS from plaintext. PERMISSIVE is mesh TLS where the pod's
 * label {@code security.istio.io/tlsMode} says that it speaks it, which is what clients go by; else plaintext.
 */
public final class GrpcServers {
    /** What Istio's bootstraps have, and what the documents of gRPC show. */
    static final List<String> PREFIXES =
            List.of("xds.istio.io/grpc/lds/inbound/", "grpc/server?xds.resource.listening_address=");

    private static final List<String> EVERYWHERE = List.of("0.0.0.0", "::");
    private static final String TLS_MODE = "security.istio.io/tlsMode";

    private GrpcServers() {}

    /** The listeners of a workload's ports. */
    public static List<Listener> of(Scope scope) {
        boolean speaksTls = scope.view().labels().getOrDefault(TLS_MODE, "").equals("istio");
        Members members = MeshPeers.of(scope).members();
        Revoked revoked = scope.snapshot().revoked();
        List<Listener> listeners = new ArrayList<>();
        for (InboundPorts.Port port : InboundPorts.of(scope)) {
            boolean tls = port.mode() == MtlsMode.STRICT || (port.mode() == MtlsMode.PERMISSIVE && speaksTls);
            // The library ends no TLS with keys of the port's own: such a port stays not serving.
            if (tls || !port.ingress().ownTls()) {
                Served served = tls ? new Served(port, true, members, revoked) : Served.plain(port);
                listeners.addAll(scope.cache().get(served, Served::build));
            }
        }
        return listeners;
    }

    /**
     * All that the listeners of a port are made of.
     *
     * @param members of mesh TLS: whose identities are let in
     * @param revoked of mesh TLS: whose are not
     */
    private record Served(InboundPorts.Port port, boolean tls, Members members, Revoked revoked) {
        static Served plain(InboundPorts.Port port) {
            return new Served(port, false, new Members(List.of(), List.of()), Revoked.NOTHING);
        }

        private List<Listener> build() {
            FilterChain chain = chain();
            return PREFIXES.stream()
                    .flatMap(prefix -> EVERYWHERE.stream().map(address -> listener(prefix, address, chain)))
                    .toList();
        }

        private Listener listener(String prefix, String address, FilterChain chain) {
            String host = address.contains(":") ? "[" + address + "]" : address;
            return Listener.newBuilder()
                    .setName(prefix + host + ":" + port.number())
                    .setAddress(Wire.address(address, port.number()))
                    .addFilterChains(chain)
                    .build();
        }

        private FilterChain chain() {
            HttpConnectionManager calls = HttpConnectionManager.newBuilder()
                    .setRouteConfig(RouteConfiguration.newBuilder()
                            .setName("inbound|" + port.number())
                            .addVirtualHosts(VirtualHost.newBuilder()
                                    .setName("inbound")
                                    .addDomains("*")
                                    .addRoutes(Route.newBuilder()
                                            .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                                            .setNonForwardingAction(NonForwardingAction.getDefaultInstance()))))
                    .addAllHttpFilters(HttpFilters.proxylessServer(Stream.concat(
                                    Callers.filters(tls, members, revoked).stream(),
                                    LibraryFilters.of(port.guards()).stream())
                            .toList()))
                    .build();
            FilterChain.Builder chain = FilterChain.newBuilder()
                    .setName(tls ? "inbound-mtls" : "inbound-plaintext")
                    .addFilters(Filter.newBuilder()
                            .setName("envoy.filters.network.http_connection_manager")
                            .setTypedConfig(Wire.any(calls)));
            if (tls) {
                chain.setTransportSocket(socket());
            }
            return chain.build();
        }

        // The library cannot compare names here, nor choose versions of TLS: it would refuse the listener.
        private static TransportSocket socket() {
            return TransportSocket.newBuilder()
                    .setName(GrpcClusters.TLS)
                    .setTypedConfig(Wire.any(DownstreamTlsContext.newBuilder()
                            .setRequireClientCertificate(Wire.yes())
                            .setCommonTlsContext(CommonTlsContext.newBuilder()
                                    .setTlsCertificateProviderInstance(GrpcClusters.provider(SdsConfig.CERTIFICATE))
                                    .setValidationContext(CertificateValidationContext.newBuilder()
                                            .setCaCertificateProviderInstance(GrpcClusters.provider(SdsConfig.ROOTS))))
                            .build()))
                    .build();
        }
    }
}
