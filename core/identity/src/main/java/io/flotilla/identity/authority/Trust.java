package io.flotilla.identity.authority;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Whom peers must believe at a time.
 *
 * @param roots    in the order in which they are distributed
 * @param notAfter the end of what signs: no certificate may live longer
 * @param issuer   what a certificate's issuer is recognised by: another one means that certificates are to be replaced
 * @param root     fingerprint of the root that vouches for what signs, the same for all replicas; empty where that is not
 *                 known, since somebody else signs
 */
public record Trust(List<X509Certificate> roots, Instant notAfter, String issuer, String root) {
    public Trust {
        roots = List.copyOf(roots);
    }

    /** That of a key slot. */
    public static Trust of(SigningSlot slot) {
        return new Trust(slot.roots(), slot.notAfter(), slot.authority().fingerprint(), slot.vouchingRoot());
    }
}
