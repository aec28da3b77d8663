package io.flotilla.citadel.secret;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.flotilla.discovery.Resource;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.federation.PeerTrust;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** The secrets of every workload, as Envoy takes them. */
final class Secrets {
    /** Certificate and key. */
    static final String IDENTITY = "default";
    /** Whom to believe. */
    static final String ROOT = "ROOTCA";

    /** Whom to believe, members of other meshes among them. */
    static final String FEDERATED_ROOT = "ROOTCA-FEDERATED";

    private Secrets() {}

    static Resource identity(String version, List<X509Certificate> chain, PrivateKey key) {
        Secret secret = Secret.newBuilder()
                .setName(IDENTITY)
                .setTlsCertificate(TlsCertificate.newBuilder()
                        .setCertificateChain(inline(Certificates.pem(chain)))
                        .setPrivateKey(inline(KeyForms.privatePem(key))))
                .build();
        // The content's hash would be the key's hash: the version is the seal instead.
        return new Resource(IDENTITY, version, Resource.of(IDENTITY, secret).any());
    }

    /**
     * Roots, and what they have taken back.
     *
     * @param lists CRLs in PEM, of every issuer; empty while nothing is revoked
     */
    static Resource root(List<X509Certificate> roots, String lists) {
        CertificateValidationContext.Builder context =
                CertificateValidationContext.newBuilder().setTrustedCa(inline(Certificates.pem(roots)));
        if (!lists.isEmpty()) {
            // Roots have no list of their own: without this everybody would be refused.
            context.setCrl(inline(lists)).setOnlyVerifyLeafCertCrl(true);
        }
        return Resource.of(
                ROOT,
                Secret.newBuilder().setName(ROOT).setValidationContext(context).build());
    }

    /**
     * Roots that vouch for the identities of their trust domains alone, those of other meshes too.
     *
     * @param roots of this mesh
     * @param lists CRLs in PEM, of every issuer of this mesh that has leaves
     */
    static Resource federated(List<X509Certificate> roots, String lists, PeerTrust peers) {
        SPIFFECertValidatorConfig.Builder trust = SPIFFECertValidatorConfig.newBuilder();
        // Envoy looks up every certificate of a chain once there is a list: a root's own is its list too.
        String own = Certificates.pem(roots) + lists;
        peers.domains().forEach(domain -> trust.addTrustDomains(bundle(domain, own)));
        peers.others().forEach((domain, theirs) -> {
            if (!theirs.isEmpty()) {
                trust.addTrustDomains(bundle(domain, Certificates.pem(theirs)));
            }
        });
        CertificateValidationContext.Builder context = CertificateValidationContext.newBuilder()
                .setCustomValidatorConfig(TypedExtensionConfig.newBuilder()
                        .setName("envoy.tls.cert_validator.spiffe")
                        .setTypedConfig(Any.pack(trust.build())));
        return Resource.of(
                FEDERATED_ROOT,
                Secret.newBuilder()
                        .setName(FEDERATED_ROOT)
                        .setValidationContext(context)
                        .build());
    }

    private static SPIFFECertValidatorConfig.TrustDomain bundle(String domain, String pem) {
        return SPIFFECertValidatorConfig.TrustDomain.newBuilder()
                .setName(domain)
                .setTrustBundle(inline(pem))
                .build();
    }

    private static DataSource inline(String pem) {
        return DataSource.newBuilder()
                .setInlineBytes(ByteString.copyFromUtf8(pem))
                .build();
    }
}
