package io.flotilla.gateway.secret;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.flotilla.discovery.Resource;
import io.flotilla.envoy.bootstrap.SdsConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * What a Gateway's {@code credentialName} stands for; parts that it does not have are empty.
 *
 * @param name      the credential's name
 * @param chain     PEM certificates, leaf first
 * @param key       PEM private key
 * @param authority PEM certificates that clients must be signed by
 */
public record EdgeCredential(String name, String chain, String key, String authority) {
    /** What Envoy asks for: under the name the certificate, under "NAME-cacert" the authority. */
    List<Resource> resources() {
        List<Resource> resources = new ArrayList<>();
        if (!chain.isEmpty()) {
            resources.add(Resource.of(
                    name,
                    Secret.newBuilder()
                            .setName(name)
                            .setTlsCertificate(TlsCertificate.newBuilder()
                                    .setCertificateChain(inline(chain))
                                    .setPrivateKey(inline(key)))
                            .build()));
        }
        if (!authority.isEmpty()) {
            String authorityName = name.endsWith(SdsConfig.AUTHORITY_SUFFIX) ? name : name + SdsConfig.AUTHORITY_SUFFIX;
            resources.add(Resource.of(
                    authorityName,
                    Secret.newBuilder()
                            .setName(authorityName)
                            .setValidationContext(
                                    CertificateValidationContext.newBuilder().setTrustedCa(inline(authority)))
                            .build()));
        }
        return resources;
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
