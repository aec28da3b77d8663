package io.flotilla.identity.authority;

import java.math.BigInteger;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;

/**
 * Everything that a certificate says but who signed it.
 *
 * @param serial    positive, at most 20 bytes (RFC 5280, 4.1.2.2)
 * @param subject   organization and common name, or nothing: then the names are critical
 * @param uris      exactly one SPIFFE id (X509-SVID, section 2)
 * @param dnsNames  in the order in which they are written
 * @param validity  from, until (both included)
 * @param publicKey whose certificate it is, and whether it may sign others
 */
public record CertificateTemplate(
        BigInteger serial,
        Subject subject,
        List<String> uris,
        List<String> dnsNames,
        Validity validity,
        Holder publicKey) {
    private static final int MAX_SERIAL_BITS = 159;

    public CertificateTemplate {
        if (serial.signum() <= 0 || serial.bitLength() > MAX_SERIAL_BITS) {
            throw new IllegalArgumentException("serial " + serial + " is not positive or too long");
        }
        uris = List.copyOf(uris);
        dnsNames = List.copyOf(dnsNames);
    }

    /** Empty strings leave the attribute out. */
    public record Subject(String organization, String commonName) {
        public static final Subject NONE = new Subject("", "");
    }

    /** Both ends included, whole seconds. */
    public record Validity(Instant notBefore, Instant notAfter) {
        public Validity {
            if (!notBefore.isBefore(notAfter)) {
                throw new IllegalArgumentException("a certificate from " + notBefore + " until " + notAfter);
            }
        }
    }

    /**
     * A key and what its holder may do with it.
     *
     * @param authority  whether it may sign others
     * @param pathLength how many authorities may stand below it (RFC 5280, 4.2.1.9), or {@link #ANY_LENGTH}
     */
    public record Holder(PublicKey key, boolean authority, int pathLength) {
        public static final int ANY_LENGTH = -1;

        /** A workload's key, or a root's. */
        public Holder(PublicKey key, boolean authority) {
            this(key, authority, ANY_LENGTH);
        }
    }
}
