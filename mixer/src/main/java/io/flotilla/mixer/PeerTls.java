package io.flotilla.mixer;

import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.MeshTls;
import io.flotilla.service.RevokedPeers;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Mutual TLS for HTTP ports: our current certificate, and peers of our trust domain only that nobody revoked. */
public record PeerTls(CurrentIdentity identity, TrustDomain trustDomain, RevokedPeers revoked) {
    /** Makes a server ask for certificates that our current roots vouch for. */
    public HttpServerOptions configure(HttpServerOptions options) {
        return options.setSsl(true)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(KeyCertOptions.wrap(MeshTls.keyManager(identity)))
                .setTrustOptions(TrustOptions.wrap(new CurrentTrust(identity)));
    }

    /** Whether the peer is a workload of the trust domain, and not revoked: each request is asked about. */
    public boolean admits(HttpServerRequest request) {
        try {
            return request.sslSession().getPeerCertificates()[0] instanceof X509Certificate leaf
                    && !revoked.strikes(leaf)
                    && Certificates.spiffeId(leaf)
                            .filter(id -> id.trustDomain().equals(trustDomain))
                            .isPresent();
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }
}
