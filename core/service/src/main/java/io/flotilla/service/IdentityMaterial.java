package io.flotilla.service;

import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.Certificates;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What a service proves itself with, and whom it believes, at one time.
 *
 * @param id    the name in the certificate
 * @param key   private, in memory only
 * @param chain leaf first, without the root
 * @param roots whom it believes
 */
public record IdentityMaterial(SpiffeId id, PrivateKey key, List<X509Certificate> chain, List<X509Certificate> roots) {
    public IdentityMaterial {
        chain = List.copyOf(chain);
        roots = List.copyOf(roots);
        if (chain.isEmpty() || roots.isEmpty()) {
            throw new IllegalArgumentException("an identity needs a certificate and a root");
        }
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    /** The same certificate, with other roots. */
    public IdentityMaterial believing(List<X509Certificate> newRoots) {
        return new IdentityMaterial(id, key, chain, newRoots);
    }

    @Override
    public String toString() {
        return id + ", serial " + Certificates.serialOf(leaf()) + ", until " + notAfter();
    }
}
