package io.flotilla.identity;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** The keys that are made here, for signing certificates and for workloads that cannot make their own. */
public enum KeyKind {
    EC_P256("EC", "secp256r1", 256),
    EC_P384("EC", "secp384r1", 384),
    RSA_2048("RSA", "", 2048),
    RSA_3072("RSA", "", 3072),
    RSA_4096("RSA", "", 4096);

    private final String algorithm;
    private final String curve;
    private final int bits;

    KeyKind(String algorithm, String curve, int bits) {
        this.algorithm = algorithm;
        this.curve = curve;
        this.bits = bits;
    }

    /** A new key pair. RSA takes tenths of a second of processor time, EC next to nothing. */
    public KeyPair generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(parameters(), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes " + this + " keys", e);
        }
    }

    /** Whether a key is of this kind. */
    public boolean matches(PublicKey key) {
        return switch (key) {
            case ECPublicKey ec ->
                algorithm.equals("EC") && ec.getParams().getOrder().bitLength() == bits;
            case RSAPublicKey rsa -> algorithm.equals("RSA") && rsa.getModulus().bitLength() == bits;
            default -> false;
        };
    }

    private AlgorithmParameterSpec parameters() {
        return curve.isEmpty()
                ? new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4)
                : new ECGenParameterSpec(curve);
    }
}
