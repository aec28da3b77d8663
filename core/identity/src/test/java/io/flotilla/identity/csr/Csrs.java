package io.flotilla.identity.csr;

import io.flotilla.identity.KeyForms;
import io.flotilla.identity.Pem;
import io.flotilla.identity.der.Der;
import io.flotilla.identity.der.Oids;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/** Requests that differ from a good one in one thing. */
final class Csrs {
    static final SecureRandom RANDOM = new SecureRandom();

    private KeyPair pair = KeyForms.generate(RANDOM);
    private byte[] keyInfo = pair.getPublic().getEncoded();
    private byte[] attributes = Der.explicit(0);
    private String algorithm = "SHA256withECDSA";
    private String oid = Oids.ECDSA_SHA256;
    private BigInteger version = BigInteger.ZERO;
    private byte[] tail = {};
    private String label = "CERTIFICATE REQUEST";

    private Csrs() {}

    static Csrs good() {
        return new Csrs();
    }

    Csrs rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits, RANDOM);
            pair = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        keyInfo = pair.getPublic().getEncoded();
        return signature("SHA256withRSA", Oids.RSA_SHA256);
    }

    Csrs curve(String name) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(name), RANDOM);
            pair = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        keyInfo = pair.getPublic().getEncoded();
        return this;
    }

    Csrs keyInfo(byte[] other) {
        keyInfo = other;
        return this;
    }

    Csrs keyOf(KeyPair other) {
        return keyInfo(other.getPublic().getEncoded());
    }

    Csrs signature(String name, String dotted) {
        algorithm = name;
        oid = dotted;
        return this;
    }

    Csrs version(int number) {
        version = BigInteger.valueOf(number);
        return this;
    }

    Csrs attributes(byte[] other) {
        attributes = other;
        return this;
    }

    Csrs tail(int bytes) {
        tail = new byte[bytes];
        return this;
    }

    Csrs label(String other) {
        label = other;
        return this;
    }

    String pem() {
        byte[] info = Der.sequence(Der.integer(version), Der.sequence(), keyInfo, attributes);
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(pair.getPrivate(), RANDOM);
            signature.update(info);
            byte[] request = Der.sequence(info, Der.sequence(Der.oid(oid)), Der.bits(signature.sign()));
            byte[] all = java.util.Arrays.copyOf(request, request.length + tail.length);
            return Pem.encode(label, all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
