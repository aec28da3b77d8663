package io.flotilla.citadel;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.citadel.federation.BundleEndpoint;
import io.flotilla.fixtures.identity.TestAuthority;
import io.flotilla.service.IdentityMaterial;
import io.flotilla.service.MeshTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Another mesh, b.example: an authority, whom it names, and its bundle endpoint. */
final class OtherMesh implements AutoCloseable {
    static final String ENDPOINT = "spiffe://b.example/ns/istio-system/sa/istio-citadel-service-account";

    private final TestAuthority first = root();
    private final List<X509Certificate> roots = new CopyOnWriteArrayList<>(first.roots());
    private final BundleEndpoint endpoint;
    private volatile TestAuthority signing = first;

    OtherMesh() throws IOException {
        IdentityMaterial own = member(ENDPOINT, first.roots());
        endpoint = BundleEndpoint.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                MeshTls.https(() -> Optional.of(own)),
                () -> List.copyOf(roots),
                Duration.ofSeconds(1));
    }

    private static TestAuthority root() {
        return TestAuthority.of("b.example");
    }

    /** MeshConfig of a mesh that believes it: by its first root, then by its bundle. */
    MeshConfig named() {
        return MeshConfig.newBuilder()
                .addCaCertificates(MeshConfig.CertificateData.newBuilder()
                        .setPem(first.authority().certificatePem())
                        .addTrustDomains("b.example"))
                .addCaCertificates(MeshConfig.CertificateData.newBuilder()
                        .setSpiffeBundleUrl("https://127.0.0.1:" + endpoint.port() + "/")
                        .addTrustDomains("b.example"))
                .build();
    }

    /** MeshConfig that takes its root for one of this very mesh. */
    MeshConfig adopted() {
        return MeshConfig.newBuilder()
                .addCaCertificates(MeshConfig.CertificateData.newBuilder()
                        .setPem(first.authority().certificatePem()))
                .build();
    }

    /** A new root signs, and stands in the bundle beside the old. */
    void rotate() {
        signing = root();
        roots.addAll(signing.roots());
    }

    /** Whoever its authority says, believing these roots. */
    IdentityMaterial member(String uri, List<X509Certificate> believed) {
        return signing.member(uri, List.of(), Duration.ofHours(1), believed);
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
