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
import io.flotilla.fixtures.identity.TestAuthority;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.CertificateTemplate;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.authority.CrlBuilder;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.GrpcServers;
import io.flotilla.service.IdentityMaterial;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Gives each Envoy the identity that its node claims, and an edge the credential {@link #EXTERNAL}, in plaintext: only for
 * tests.
 */
public final class TestCitadel implements AutoCloseable {
    /** A server's certificate for {@link #EXTERNAL_HOST}, as a provider of secrets serves it. */
    public static final String EXTERNAL = "sds://front";

    public static final String EXTERNAL_HOST = "front.example.com";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final TestAuthority root = TestAuthority.of("cluster.local");
    private final Authority authority = root.authority();
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
                Map.of(
                        TypeUrls.SECRET,
                        ResourceSet.of(
                                List.of(own, Resource.of("ROOTCA", roots), Resource.of(EXTERNAL, external()))))));
        return new DiscoverySource.Session() {};
    }

    private Secret external() {
        KeyPair pair = KeyForms.generate(RANDOM);
        String id = "spiffe://cluster.local/ns/default/sa/front";
        return certificate(
                EXTERNAL, root.leaf(pair.getPublic(), id, List.of(EXTERNAL_HOST), Duration.ofHours(1)), pair);
    }

    private Secret certificate(Node node) {
        String namespace = node.getId().split("~", -1)[2].replaceAll(".*\\.", "");
        String account = node.getMetadata().getFieldsOrThrow("SERVICE_ACCOUNT").getStringValue();
        KeyPair pair = KeyForms.generate(RANDOM);
        return certificate("default", issue("spiffe://cluster.local/ns/" + namespace + "/sa/" + account, pair), pair);
    }

    private static Secret certificate(String name, X509Certificate certificate, KeyPair pair) {
        return Secret.newBuilder()
                .setName(name)
                .setTlsCertificate(TlsCertificate.newBuilder()
                        .setCertificateChain(inline(Certificates.pem(List.of(certificate))))
                        .setPrivateKey(inline(KeyForms.privatePem(pair.getPrivate()))))
                .build();
    }

    private X509Certificate issue(String id, KeyPair pair, BigInteger serial, Instant from) {
        return root.leaf(
                pair.getPublic(),
                id,
                List.of(),
                serial,
                new CertificateTemplate.Validity(from, Instant.now().plusSeconds(3_600)));
    }

    /** Whom members of the mesh believe. */
    public List<X509Certificate> roots() {
        return root.roots();
    }

    /** What a service of the mesh proves itself with. */
    public CurrentIdentity service(String namespace, String account, String dnsName) {
        IdentityMaterial material = root.member(SpiffeId.of("cluster.local", namespace, account), List.of(dnsName));
        return () -> Optional.of(material);
    }

    /** TLS of somebody of this mesh who is no Envoy. */
    public SSLContext member(String id, BigInteger serial, Instant from) throws GeneralSecurityException, IOException {
        KeyPair pair = KeyForms.generate(RANDOM);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        X509Certificate certificate = issue(id, pair, serial, from);
        own.setKeyEntry("own", pair.getPrivate(), new char[0], new X509Certificate[] {certificate});
        own.setCertificateEntry("root", authority.certificate());
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, new char[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(own);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), RANDOM);
        return context;
    }

    /** A gRPC server's mutual TLS. */
    public SslContext nettyServer(String id) throws IOException {
        KeyPair pair = KeyForms.generate(RANDOM);
        return GrpcSslContexts.configure(SslContextBuilder.forServer(pair.getPrivate(), issue(id, pair)))
                .trustManager(authority.certificate())
                .clientAuth(ClientAuth.REQUIRE)
                .build();
    }

    /** Writes chain.pem, key.pem and root.pem of somebody of this mesh. */
    public void write(Path folder, String id) throws IOException {
        KeyPair pair = KeyForms.generate(RANDOM);
        Files.writeString(folder.resolve("chain.pem"), Certificates.pem(List.of(issue(id, pair))));
        Files.writeString(folder.resolve("key.pem"), KeyForms.privatePem(pair.getPrivate()));
        Files.writeString(folder.resolve("root.pem"), authority.certificatePem());
    }

    /** Certificates, keys and a revocation list under the names that meshes of tests use ("c.pem", "k.pem"...). */
    public Path files(Path folder) throws IOException {
        write(folder, "spiffe://cluster.local/ns/default/sa/file");
        for (String name : List.of("c", "s", "a", "b")) {
            Files.copy(folder.resolve("chain.pem"), folder.resolve(name + ".pem"));
        }
        for (String name : List.of("k", "ak", "bk")) {
            Files.copy(folder.resolve("key.pem"), folder.resolve(name + ".pem"));
        }
        Files.copy(folder.resolve("root.pem"), folder.resolve("ca.pem"));
        Files.writeString(
                folder.resolve("crl.pem"),
                CrlBuilder.build(authority, List.of(), BigInteger.ONE, Instant.now(), RANDOM));
        return folder;
    }

    private X509Certificate issue(String id, KeyPair pair) {
        return issue(id, pair, Certificates.serial(RANDOM), Instant.now().minusSeconds(60));
    }

    private static DataSource inline(String text) {
        return DataSource.newBuilder().setInlineString(text).build();
    }

    @Override
    public void close() {
        xds.close();
        GrpcServers.close(List.of(server), Duration.ZERO);
    }
}
