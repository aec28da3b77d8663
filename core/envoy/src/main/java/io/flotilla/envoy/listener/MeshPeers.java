package io.flotilla.envoy.listener;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.envoy.Scope;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who may call as a member of the mesh.
 *
 * @param domains trust domains whose identities are let in: the mesh's under all its names, and those of other meshes
 *                that MeshConfig's caCertificates name
 * @param drained the last revocation that closes open TCP connections; empty for none
 */
public record MeshPeers(List<String> domains, String drained) {
    public MeshPeers {
        domains = List.copyOf(domains);
    }

    /** As the mesh says. */
    public static MeshPeers of(Scope scope) {
        Stream<String> others = scope.snapshot().mesh().getCaCertificatesList().stream()
                .map(MeshConfig.CertificateData::getTrustDomainsList)
                .flatMap(List::stream);
        return new MeshPeers(
                Stream.concat(scope.settings().trustDomains().stream(), others)
                        .distinct()
                        .toList(),
                scope.snapshot().revoked().drained());
    }
}
