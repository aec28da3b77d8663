package io.flotilla.citadel.federation;

import io.flotilla.identity.SpiffeId;
import io.flotilla.service.MeshTls;
import io.flotilla.service.fetch.GuardedFetch;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Fetches bundles. An endpoint proves itself by a certificate for its host (profile https_web), or, where the settings
 * name its identity, by that identity and the roots that are believed for its domain already (profile https_spiffe).
 */
public final class BundleFetch implements PeerRoots.Fetch {
    private final GuardedFetch.Limits limits;
    private final SSLSocketFactory web;
    private final Map<String, SpiffeId> identities;

    /**
     * How to fetch.
     *
     * @param web        who is believed for hosts
     * @param identities trust domain to the identity of its endpoint
     */
    public BundleFetch(GuardedFetch.Limits limits, SSLSocketFactory web, Map<String, SpiffeId> identities) {
        this.limits = limits;
        this.web = web;
        this.identities = Map.copyOf(identities);
    }

    @Override
    public GuardedFetch.Outcome get(String domain, URI endpoint, List<X509Certificate> roots) {
        if (!"https".equalsIgnoreCase(endpoint.getScheme())) {
            return new GuardedFetch.Outcome.Failed(endpoint + " is not https, by which its endpoint proves itself");
        }
        SpiffeId identity = identities.get(domain);
        if (identity == null) {
            return new GuardedFetch(limits, web).get(endpoint);
        }
        if (roots.isEmpty()) {
            return new GuardedFetch.Outcome.Failed("its endpoint proves itself by roots of " + domain
                    + ", of which none is known: give the first one as pem in caCertificates");
        }
        // The endpoint is known by its identity: nobody that it names instead is.
        GuardedFetch.Limits here = new GuardedFetch.Limits(limits.bytes(), limits.time(), 0, limits.allowPrivate());
        return new GuardedFetch(here, spiffe(identity, roots)).get(endpoint);
    }

    private static SSLSocketFactory spiffe(SpiffeId identity, List<X509Certificate> roots) {
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            X509ExtendedTrustManager chain = (X509ExtendedTrustManager) MeshTls.trust(roots);
            tls.init(null, new TrustManager[] {new IdentityTrust(chain, identity)}, null);
            return tls.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot set up TLS: " + e.getMessage(), e);
        }
    }
}
