package io.flotilla.citadel;

import io.flotilla.identity.authority.Certificates;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.IdentityMaterial;
import io.flotilla.service.MeshTls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** Mutual TLS; answers each line with URI and serial number of the client's certificate. */
final class SerialServer implements AutoCloseable {
    private final SSLServerSocket server;

    SerialServer(IdentityMaterial identity) throws IOException, GeneralSecurityException {
        this(identity, () -> Optional.of(identity));
    }

    /** With what it is by now; the first one says whom to believe. */
    SerialServer(IdentityMaterial identity, CurrentIdentity current) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                new KeyManager[] {MeshTls.keyManager(current)},
                new TrustManager[] {MeshTls.trust(identity.roots())},
                null);
        server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(true);
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                SSLSocket socket = (SSLSocket) server.accept();
                Thread.ofVirtual().start(() -> answer(socket));
            } catch (IOException closedOrOneBadHandshake) {
                // The loop's condition tells which.
            }
        }
    }

    private static void answer(SSLSocket socket) {
        try (socket) {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            while (lines.readLine() != null) {
                X509Certificate peer = (X509Certificate) socket.getSession().getPeerCertificates()[0];
                String line = String.join(",", Certificates.uris(peer)) + " " + Certificates.serialOf(peer) + "\n";
                socket.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException clientWentAway) {
            // Nothing to answer.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
