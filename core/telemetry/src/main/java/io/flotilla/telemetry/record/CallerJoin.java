package io.flotilla.telemetry.record;

import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.TLSProperties.CertificateProperties;
import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.telemetry.registry.RegistryHistory;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides who called, as the callee's proxy can tell. The certificate names the identity. The workload comes from the
 * peer header, or without one from the caller's address; both count only where namespace and service account agree
 * with the certificate. What disagrees is unknown.
 *
 * @param network of the callee, that addresses belong to
 * @param cluster of the callee, by its name
 */
record CallerJoin(RegistryHistory history, String network, String cluster) {
    /**
     * @param peerHeader "NAMESPACE/POD" as the caller's proxy says, empty where it says nothing
     */
    Peer caller(AccessLogCommon common, String peerHeader, Instant start) {
        return caller(
                uri(common.getTlsProperties().getPeerCertificateProperties()),
                common.getDownstreamDirectRemoteAddress(),
                peerHeader,
                start);
    }

    /**
     * The same.
     *
     * @param uri of the caller's certificate, empty on plaintext
     */
    Peer caller(String uri, Address remote, String peerHeader, Instant start) {
        Principal principal = uri.isEmpty() ? null : Principal.parse(uri).orElse(new Principal(uri, "", ""));
        Optional<Workload> workload = principal != null && !peerHeader.isEmpty()
                ? named(peerHeader)
                : history.byAddress(network, Peers.host(remote), start);
        return Peers.of(workload.filter(found -> agrees(principal, found)).orElse(null), principal, remote, cluster);
    }

    /** First URI name of a certificate, empty where there is none. */
    static String uri(CertificateProperties certificate) {
        return certificate.getSubjectAltNameList().stream()
                .filter(CertificateProperties.SubjectAltName::hasUri)
                .map(CertificateProperties.SubjectAltName::getUri)
                .findFirst()
                .orElse("");
    }

    private Optional<Workload> named(String peerHeader) {
        int slash = peerHeader.indexOf('/');
        return slash < 0
                ? Optional.empty()
                : history.byName(peerHeader.substring(0, slash), peerHeader.substring(slash + 1));
    }

    private static boolean agrees(@Nullable Principal principal, Workload workload) {
        return principal == null
                || (principal.namespace().equals(workload.getNamespace())
                        && principal.serviceAccount().equals(workload.getServiceAccount()));
    }
}
