package io.flotilla.citadel.federation;

import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.Certificates;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Believes a server that has one identity, whatever its host is called. */
final class IdentityTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager chain;
    private final SpiffeId identity;

    /**
     * Of one identity.
     *
     * @param chain verifies up to the roots that may vouch for it
     */
    IdentityTrust(X509ExtendedTrustManager chain, SpiffeId identity) {
        this.chain = chain;
        this.identity = identity;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String kind) throws CertificateException {
        // Without the connection, since the name of its host says nothing here.
        chain.checkServerTrusted(shown, kind);
        if (Certificates.spiffeId(shown[0]).filter(identity::equals).isEmpty()) {
            throw new CertificateException("the endpoint is not " + identity);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String kind, Socket socket) throws CertificateException {
        checkServerTrusted(shown, kind);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String kind, SSLEngine engine) throws CertificateException {
        checkServerTrusted(shown, kind);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String kind) throws CertificateException {
        throw new CertificateException("nobody calls here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String kind, Socket socket) throws CertificateException {
        throw new CertificateException("nobody calls here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String kind, SSLEngine engine) throws CertificateException {
        throw new CertificateException("nobody calls here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chain.getAcceptedIssuers();
    }
}
