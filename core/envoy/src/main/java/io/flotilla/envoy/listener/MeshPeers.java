package io.flotilla.envoy.listener;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.tls.Members;
import java.util.List;

/**
 * Who may call as a member of the mesh.
 *
 * @param members whose identities are let in: the mesh's, and those of other meshes that MeshConfig's caCertificates
 *                name
 * @param drained the last revocation that closes open TCP connections; empty for none
 */
public record MeshPeers(Members members, String drained) {
    /** As the mesh says. */
    public static MeshPeers of(Scope scope) {
        List<String> others = scope.snapshot().mesh().getCaCertificatesList().stream()
                .map(MeshConfig.CertificateData::getTrustDomainsList)
                .flatMap(List::stream)
                .toList();
        return new MeshPeers(
                new Members(scope.settings().trustDomains(), others),
                scope.snapshot().revoked().drained());
    }
}
