package io.flotilla.pilot.world;

import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.StreamInfo;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.View;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.CertificateTemplate;
import io.flotilla.identity.authority.Certificates;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Gives each Envoy the identity that its node claims, in plaintext: only for tests. */
public final class TestCitadel implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Authority authority =
            Authority.selfSigned(new TrustDomain("cluster.local"), Instant.now(), Duration.ofDays(1), RANDOM);
    private final XdsServer xds = new XdsServer(this::open, DeliveryOrder.SECRETS, "test-citadel");
    private final Server server;

    public TestCitadel() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(xds.secrets())
                .build()
                .start();
    }

    public int port() {
        return server.getPort();
    }

    private DiscoverySource.Session open(StreamInfo stream, java.util.function.Consumer<View> views) {
        Secret roots = Secret.newBuilder()
                .setName("ROOTCA")
                .setValidationContext(
                        CertificateValidationContext.newBuilder().setTrustedCa(inline(authority.certificatePem())))
                .build();
        Resource own = Resource.of("default", certificate(stream.node()));
        views.accept(new View(
                new Generation(1, Map.of("test", 1L)),
                Map.of(TypeUrls.SECRET, ResourceSet.of(List.of(own, Resource.of("ROOTCA", roots))))));
        return new DiscoverySource.Session() {};
    }

    private Secret certificate(Node node) {
        KeyPair pair = KeyForms.generate(RANDOM);
        String namespace = node.getId().split("~", -1)[2].replaceAll(".*\\.", "");
        String account = node.getMetadata().getFieldsOrThrow("SERVICE_ACCOUNT").getStringValue();
        Instant now = Instant.now();
        X509Certificate certificate = authority.sign(
                new CertificateTemplate(
                        Certificates.serial(RANDOM),
                        CertificateTemplate.Subject.NONE,
                        List.of("spiffe://cluster.local/ns/" + namespace + "/sa/" + account),
                        List.of(),
                        new CertificateTemplate.Validity(now.minusSeconds(60), now.plusSeconds(3_600)),
                        new CertificateTemplate.Holder(pair.getPublic(), false)),
                RANDOM);
        return Secret.newBuilder()
                .setName("default")
                .setTlsCertificate(TlsCertificate.newBuilder()
                        .setCertificateChain(inline(Certificates.pem(List.of(certificate))))
                        .setPrivateKey(inline(KeyForms.privatePem(pair.getPrivate()))))
                .build();
    }

    private static DataSource inline(String text) {
        return DataSource.newBuilder().setInlineString(text).build();
    }

    @Override
    public void close() {
        xds.close();
        server.shutdownNow();
    }
}
