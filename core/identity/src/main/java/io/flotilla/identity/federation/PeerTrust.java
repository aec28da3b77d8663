package io.flotilla.identity.federation;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whom members believe beside Citadel's own roots. Each set of roots vouches for the identities of its trust domains
 * and for nobody else's.
 *
 * @param domains names of the mesh's trust domain, for which the mesh's roots vouch
 * @param own     further roots for those
 * @param others  trust domains of other meshes with their roots; without any where they are not known (yet)
 */
public record PeerTrust(List<String> domains, List<X509Certificate> own, Map<String, List<X509Certificate>> others) {
    public PeerTrust {
        domains = List.copyOf(domains);
        own = List.copyOf(own);
        others = java.util.Collections.unmodifiableMap(new TreeMap<>(others));
    }

    /** A mesh on its own. */
    public static PeerTrust alone(String domain) {
        return new PeerTrust(List.of(domain), List.of(), Map.of());
    }
}
