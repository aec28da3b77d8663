package io.flotilla.identity.authority;

import java.math.BigInteger;
import java.security.SecureRandom;

/** Gives each certificate its number: positive, at most 20 bytes, never twice. */
public interface SerialSource {
    BigInteger next();

    /** Numbers by chance, of 127 bits: two alike are out of the question, and nobody can guess the next. */
    static SerialSource random(SecureRandom random) {
        return () -> Certificates.serial(random);
    }
}
