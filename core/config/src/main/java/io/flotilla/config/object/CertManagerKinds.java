package io.flotilla.config.object;

import io.flotilla.config.model.Kind;
import java.util.List;

/** cert-manager.io, and certmanager.k8s.io before it: what gateways and Citadel get certificates from. */
final class CertManagerKinds {
    private static final String OLD_GROUP = "certmanager.k8s.io";
    private static final String OLD_VERSION = "v1alpha1";

    private CertManagerKinds() {}

    static List<KnownKind> list() {
        KnownKind certificate = KnownKind.manifest(Kind.CERTIFICATE, "v1");
        KnownKind request = KnownKind.manifest(Kind.CERTIFICATE_REQUEST, "v1");
        KnownKind issuer = KnownKind.manifest(Kind.ISSUER, "v1");
        KnownKind clusterIssuer = KnownKind.clusterManifest(Kind.CLUSTER_ISSUER, "v1");
        return List.of(
                certificate.alsoIn(OLD_GROUP, OLD_VERSION),
                certificate,
                request.alsoIn(OLD_GROUP, OLD_VERSION),
                request,
                issuer.alsoIn(OLD_GROUP, OLD_VERSION),
                issuer,
                clusterIssuer.alsoIn(OLD_GROUP, OLD_VERSION),
                clusterIssuer);
    }
}
