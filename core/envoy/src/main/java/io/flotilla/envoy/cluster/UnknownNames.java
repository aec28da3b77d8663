package io.flotilla.envoy.cluster;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.envoy.Families;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.filter.Conduct;
import io.flotilla.envoy.filter.NameLookup;
import io.flotilla.envoy.tls.CredentialServer;
import io.flotilla.envoy.tls.MeshTls;
import io.flotilla.envoy.tls.OriginatedTls;
import io.flotilla.envoy.tls.TlsDefaults;
import java.time.Duration;
import java.util.List;

/**
 * Where requests go whose host the mesh does not know, under outboundTrafficPolicy ALLOW_ANY_DYNAMIC_DNS: to the host
 * itself, by TLS where the policy's {@code tls} says so.
 */
public record UnknownNames(Families families, Duration connectTimeout, MeshConfig mesh) {
    /** The Envoy cluster. */
    public Cluster build() {
        // Names come from whoever calls, so a server that nobody vouches for is never believed unless that is asked
        // for.
        ClientTLSSettings tls =
                OriginatedTls.settled(mesh.getOutboundTrafficPolicy().getTls(), false);
        AskedNames names = AskedNames.of(NameLookup.of(mesh, families), tls, List.of());
        Cluster.Builder cluster = Cluster.newBuilder()
                .setName(Names.ASKED_FOR)
                .setConnectTimeout(Durations.fromNanos(connectTimeout.toNanos()))
                .setCircuitBreakers(ConnectionPools.unlimited());
        names.apply(cluster);
        Protocols.asked(cluster, names, Conduct.preservesCase(mesh));
        TlsDefaults defaults = TlsDefaults.of(mesh);
        switch (tls.getMode()) {
            case ISTIO_MUTUAL ->
                cluster.setTransportSocket(defaults.mesh(
                        MeshTls.client(tls.getSni(), tls.getSubjectAltNamesList(), MeshTls.offerHttp(), false)));
            case SIMPLE, MUTUAL ->
                cluster.setTransportSocket(
                        defaults.other(OriginatedTls.of(tls, List.of(), false, CredentialServer.NOBODY)));
            case DISABLE, UNRECOGNIZED -> {
                // Plaintext is what a cluster without a socket speaks.
            }
        }
        return cluster.build();
    }
}
