package io.flotilla.envoy.tls;

import io.flotilla.envoy.workbench.Keys;
import io.flotilla.fixtures.tls.TrustAnybody;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** TLS of a client that believes everybody, and shows its certificate whoever is asked for. */
final class Stranger {
    private Stranger() {}

    /** Starts TLS on a connection; without a certificate it shows none. */
    static SSLSocket tls(Socket socket, Keys.@Nullable Pair own, List<String> alpn) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] shows = own == null ? new KeyManager[0] : new KeyManager[] {new Insistent(own)};
            context.init(shows, new TrustManager[] {new TrustAnybody()}, new SecureRandom());
            SSLSocket tls =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName("localhost")));
            parameters.setApplicationProtocols(alpn.toArray(String[]::new));
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            return tls;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    // The JDK's own shows no certificate that the server says it would not believe.
    private static final class Insistent extends X509ExtendedKeyManager {
        private static final String ALIAS = "own";
        private final Keys.Pair own;

        private Insistent(Keys.Pair own) {
            this.own = own;
        }

        @Override
        public String chooseEngineClientAlias(String[] kinds, Principal[] issuers, SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public String[] getClientAliases(String kind, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseClientAlias(String[] kinds, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public String[] getServerAliases(String kind, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public @Nullable String chooseServerAlias(String kind, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {own.certificate()};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return own.keys().getPrivate();
        }
    }
}
