package io.flotilla.mixer;

import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.IdentityMaterial;
import io.flotilla.service.MeshTls;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509TrustManager;

/** Believes clients whom the roots of this moment vouch for. */
final class CurrentTrust implements X509TrustManager {
    private final CurrentIdentity identity;

    CurrentTrust(CurrentIdentity identity) {
        this.identity = identity;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        List<X509Certificate> roots = identity.current()
                .map(IdentityMaterial::roots)
                .orElseThrow(() -> new CertificateException("there are no roots yet"));
        ((X509TrustManager) MeshTls.trust(roots)).checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a server's side calls nobody");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
