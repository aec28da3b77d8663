package io.flotilla.service;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/** TLS contexts that always use the current certificate and roots. TLS 1.2 and 1.3. */
public final class MeshTls {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /**
     * Life of a server's sessions, seconds; the least that is not "for ever". Java asks nobody who takes up a session
     * again for a certificate, so that one which has ended or is revoked would be good as long as its session.
     */
    private static final int SESSION_SECONDS = 1;

    private MeshTls() {}

    /** For a gRPC server: clients must show a certificate that our roots vouch for. */
    public static SslContext server(CurrentIdentity identity) {
        return server(identity, ClientAuth.REQUIRE);
    }

    /** For a gRPC server that also serves those who have no certificate yet (Citadel itself). */
    public static SslContext server(CurrentIdentity identity, ClientAuth clients) {
        return new RenewingSslContext(
                identity,
                serverShape(),
                material -> build(SslContextBuilder.forServer(new PresentedIdentity(() -> Optional.of(material)))
                        .trustManager(trust(material.roots()))
                        .sessionTimeout(SESSION_SECONDS)
                        .clientAuth(clients)));
    }

    /**
     * For a gRPC client with a certificate. The server's certificate must be vouched for by our roots and carry the
     * channel's authority as a DNS name.
     */
    public static SslContext client(CurrentIdentity identity) {
        return new RenewingSslContext(
                identity,
                build(SslContextBuilder.forClient()),
                material -> build(SslContextBuilder.forClient()
                        .keyManager(new PresentedIdentity(() -> Optional.of(material)))
                        .trustManager(trust(material.roots()))));
    }

    /** For a gRPC client without a certificate, which believes these roots alone. */
    public static SslContext anonymousClient(List<X509Certificate> roots) {
        return build(SslContextBuilder.forClient().trustManager(trust(roots)));
    }

    /** For HTTPS servers of other kinds: shows the current certificate at each handshake. */
    public static X509ExtendedKeyManager keyManager(CurrentIdentity identity) {
        return new PresentedIdentity(identity);
    }

    /** An HTTPS server's context for the JDK and for Vert.x; it asks no certificate of clients. */
    public static SSLContext https(CurrentIdentity identity) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keyManager(identity)}, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    /** Verifies chains up to these roots, and names where the connection asks for it. */
    public static TrustManager trust(List<X509Certificate> roots) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int index = 0;
            for (X509Certificate root : roots) {
                store.setCertificateEntry("root-" + index++, root);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot set up trust: " + e.getMessage(), e);
        }
    }

    // It never has a certificate, so that nobody comes in by it who was not asked for one.
    private static SslContext serverShape() {
        return build(SslContextBuilder.forServer(new PresentedIdentity(Optional::empty)));
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return GrpcSslContexts.configure(builder, SslProvider.JDK)
                    .protocols(PROTOCOLS)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("cannot set up TLS: " + e.getMessage(), e);
        }
    }
}
