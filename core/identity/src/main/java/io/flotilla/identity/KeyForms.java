package io.flotilla.identity;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Keys as text: PEM, written as PKCS#8 (private) and SubjectPublicKeyInfo (public). */
public final class KeyForms {
    private KeyForms() {}

    /** A new P-256 key pair, the usual kind. */
    public static KeyPair generate(SecureRandom random) {
        return KeyKind.EC_P256.generate(random);
    }

    /** The private key alone, as Envoy and other TLS libraries read it. */
    public static String privatePem(PrivateKey key) {
        return Pem.encode("PRIVATE KEY", key.getEncoded());
    }

    /** Both halves, since a PKCS#8 private key of the JDK does not hold the public one. */
    public static String pairPem(KeyPair pair) {
        return privatePem(pair.getPrivate())
                + Pem.encode("PUBLIC KEY", pair.getPublic().getEncoded());
    }

    /** Reads what {@link #pairPem} wrote; empty where a half is missing or the halves do not belong together. */
    public static Optional<KeyPair> parsePair(String pem) {
        List<Pem.Block> blocks = Pem.decode(pem).orElse(List.of());
        if (blocks.size() != 2
                || !blocks.get(0).label().equals("PRIVATE KEY")
                || !blocks.get(1).label().equals("PUBLIC KEY")) {
            return Optional.empty();
        }
        try {
            KeyFactory factory = KeyFactory.getInstance("EC");
            PublicKey publicKey =
                    factory.generatePublic(new X509EncodedKeySpec(blocks.get(1).der()));
            PrivateKey privateKey = factory.generatePrivate(
                    new PKCS8EncodedKeySpec(blocks.get(0).der()));
            return belongTogether(privateKey, publicKey)
                    ? Optional.of(new KeyPair(publicKey, privateKey))
                    : Optional.empty();
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /** The first private key of a text: EC or RSA, in PKCS#8, PKCS#1 or SEC1, not encrypted. */
    public static Optional<PrivateKey> parsePrivate(String pem) {
        return PrivateKeys.parse(pem);
    }

    /** Whether a signature by one is verified by the other. */
    public static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
        byte[] probe = publicKey.getEncoded();
        try {
            Signature signature =
                    Signature.getInstance(SignatureKind.usual(publicKey).algorithm());
            signature.initSign(privateKey);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** SHA-256 in hexadecimal, of a key's or a certificate's encoding. */
    public static String fingerprint(byte[] encoded) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
