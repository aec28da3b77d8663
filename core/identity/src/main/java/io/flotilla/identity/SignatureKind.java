package io.flotilla.identity;

import io.flotilla.identity.der.Der;
import io.flotilla.identity.der.Oids;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Optional;

/** The signatures that are made and believed: ECDSA and RSA (PKCS#1 1.5) over SHA-2, nothing older. */
public enum SignatureKind {
    ECDSA_SHA256(Oids.ECDSA_SHA256, "SHA256withECDSA", "EC"),
    ECDSA_SHA384(Oids.ECDSA_SHA384, "SHA384withECDSA", "EC"),
    ECDSA_SHA512(Oids.ECDSA_SHA512, "SHA512withECDSA", "EC"),
    RSA_SHA256(Oids.RSA_SHA256, "SHA256withRSA", "RSA"),
    RSA_SHA384(Oids.RSA_SHA384, "SHA384withRSA", "RSA"),
    RSA_SHA512(Oids.RSA_SHA512, "SHA512withRSA", "RSA");

    private static final int P256_BITS = 256;
    private static final int P384_BITS = 384;

    @SuppressWarnings("ImmutableEnumChecker") // nobody gets it to write to
    private final byte[] oid;

    @SuppressWarnings("ImmutableEnumChecker") // handed out as a copy
    private final byte[] identifier;

    private final String algorithm;
    private final String keyKind;

    SignatureKind(String oid, String algorithm, String keyKind) {
        this.oid = Der.oid(oid);
        this.identifier = keyKind.equals("RSA") ? Der.sequence(this.oid, Der.nothing()) : Der.sequence(this.oid);
        this.algorithm = algorithm;
        this.keyKind = keyKind;
    }

    /** The name under which the JDK has it. */
    public String algorithm() {
        return algorithm;
    }

    /** The AlgorithmIdentifier: RSA has NULL for parameters, ECDSA none (RFC 4055, 5; RFC 5758, 3.2). */
    public byte[] identifier() {
        return identifier.clone();
    }

    /** The one of that object identifier (encoded, tag included) that such a key can make; empty where there is none. */
    public static Optional<SignatureKind> of(byte[] oid, PublicKey key) {
        return Arrays.stream(values())
                .filter(kind -> Arrays.equals(kind.oid, oid) && kind.keyKind.equals(key.getAlgorithm()))
                .findFirst();
    }

    /** What this key signs with: the hash is as strong as the curve, SHA-256 for RSA. */
    public static SignatureKind usual(PublicKey key) {
        if (!(key instanceof ECPublicKey ec)) {
            return RSA_SHA256;
        }
        int bits = ec.getParams().getOrder().bitLength();
        if (bits <= P256_BITS) {
            return ECDSA_SHA256;
        }
        return bits <= P384_BITS ? ECDSA_SHA384 : ECDSA_SHA512;
    }
}
