package io.flotilla.identity.credential;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@code credentialName} of a Gateway or a DestinationRule stands for; parts that it does not have are empty.
 *
 * @param name      the credential's name
 * @param chain     PEM certificates, leaf first
 * @param key       PEM private key
 * @param authority PEM certificates that clients must be signed by
 */
public record TlsCredential(String name, String chain, String key, String authority) {
    /** What precedes the name of a credential that Citadel serves to workloads, as in Istio. */
    public static final String OF_WORKLOADS = "kubernetes://";

    /** What follows a credential's name in the name of the secret with its authority. */
    public static final String AUTHORITY_SUFFIX = "-cacert";

    /** What Envoy asks for: under the name the certificate, under "NAME-cacert" the authority. */
    public List<Secret> secrets() {
        List<Secret> secrets = new ArrayList<>();
        if (!chain.isEmpty()) {
            secrets.add(Secret.newBuilder()
                    .setName(name)
                    .setTlsCertificate(TlsCertificate.newBuilder()
                            .setCertificateChain(inline(chain))
                            .setPrivateKey(inline(key)))
                    .build());
        }
        if (!authority.isEmpty()) {
            secrets.add(Secret.newBuilder()
                    .setName(name.endsWith(AUTHORITY_SUFFIX) ? name : name + AUTHORITY_SUFFIX)
                    .setValidationContext(
                            CertificateValidationContext.newBuilder().setTrustedCa(inline(authority)))
                    .build());
        }
        return secrets;
    }

    private static DataSource inline(String pem) {
        return DataSource.newBuilder()
                .setInlineBytes(ByteString.copyFromUtf8(pem))
                .build();
    }

    /** Never the key. */
    @Override
    public String toString() {
        return "credential " + name;
    }
}
