package io.flotilla.citadel;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.citadel.federation.BundleEndpoint;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.CertificateTemplate;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.service.IdentityMaterial;
import io.flotilla.service.MeshTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Another mesh, b.example: an authority, whom it names, and its bundle endpoint. */
final class OtherMesh implements AutoCloseable {
    static final String ENDPOINT = "spiffe://b.example/ns/istio-system/sa/istio-citadel-service-account";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Authority first = root();
    private final List<X509Certificate> roots = new CopyOnWriteArrayList<>(List.of(first.certificate()));
    private final BundleEndpoint endpoint;
    private volatile Authority signing = first;

    OtherMesh() throws IOException {
        IdentityMaterial own = member(ENDPOINT, List.of(first.certificate()));
        endpoint = BundleEndpoint.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                MeshTls.https(() -> Optional.of(own)),
                () -> List.copyOf(roots),
                Duration.ofSeconds(1));
    }

    private static Authority root() {
        return Authority.selfSigned(new TrustDomain("b.example"), Instant.now(), Duration.ofDays(1), RANDOM);
    }

    /** MeshConfig of a mesh that believes it: by its first root, then by its bundle. */
    MeshConfig named() {
        return MeshConfig.newBuilder()
                .addCaCertificates(MeshConfig.CertificateData.newBuilder()
                        .setPem(first.certificatePem())
                        .addTrustDomains("b.example"))
                .addCaCertificates(MeshConfig.CertificateData.newBuilder()
                        .setSpiffeBundleUrl("https://127.0.0.1:" + endpoint.port() + "/")
                        .addTrustDomains("b.example"))
                .build();
    }

    /** MeshConfig that takes its root for one of this very mesh. */
    MeshConfig adopted() {
        return MeshConfig.newBuilder()
                .addCaCertificates(MeshConfig.CertificateData.newBuilder().setPem(first.certificatePem()))
                .build();
    }

    /** A new root signs, and stands in the bundle beside the old. */
    void rotate() {
        signing = root();
        roots.add(signing.certificate());
    }

    /** Whoever its authority says, believing these roots. */
    IdentityMaterial member(String uri, List<X509Certificate> believed) {
        KeyPair pair = KeyForms.generate(RANDOM);
        Instant now = Instant.now();
        X509Certificate leaf = signing.sign(
                new CertificateTemplate(
                        Certificates.serial(RANDOM),
                        CertificateTemplate.Subject.NONE,
                        List.of(uri),
                        List.of(),
                        new CertificateTemplate.Validity(now.minusSeconds(60), now.plusSeconds(3_600)),
                        new CertificateTemplate.Holder(pair.getPublic(), false)),
                RANDOM);
        return new IdentityMaterial(SpiffeId.parse(uri).orElseThrow(), pair.getPrivate(), List.of(leaf), believed);
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
