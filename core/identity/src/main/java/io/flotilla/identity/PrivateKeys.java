package io.flotilla.identity;

import io.flotilla.identity.der.Der;
import io.flotilla.identity.der.DerReader;
import io.flotilla.identity.der.MalformedDer;
import io.flotilla.identity.der.Oids;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads private keys in the three forms that openssl writes: PKCS#8, PKCS#1 (RSA) and SEC1 (EC). */
final class PrivateKeys {
    private static final int PARAMETERS_TAG = 0xa0;

    private PrivateKeys() {}

    /** The first unencrypted private key of a text. */
    static Optional<PrivateKey> parse(String pem) {
        List<Pem.Block> blocks = Pem.decode(pem).orElse(List.of());
        return blocks.stream()
                .filter(block -> block.label().endsWith("PRIVATE KEY"))
                .findFirst()
                .flatMap(PrivateKeys::parse);
    }

    private static Optional<PrivateKey> parse(Pem.Block block) {
        try {
            return switch (block.label()) {
                case "PRIVATE KEY" -> Optional.of(pkcs8(block.der()));
                case "RSA PRIVATE KEY" ->
                    Optional.of(pkcs8(wrapped(Der.sequence(Der.oid(Oids.RSA), Der.nothing()), block.der())));
                case "EC PRIVATE KEY" ->
                    Optional.of(pkcs8(
                            wrapped(Der.sequence(Der.oid(Oids.EC_PUBLIC_KEY), curveOf(block.der())), block.der())));
                default -> Optional.empty();
            };
        } catch (MalformedDer | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return Der.sequence(Der.integer(BigInteger.ZERO), algorithm, Der.octets(key));
    }

    private static PrivateKey pkcs8(byte[] der) throws MalformedDer, GeneralSecurityException {
        DerReader key = new DerReader(der).sequence().inside();
        key.integer();
        byte[] kind = key.sequence().inside().oid();
        String algorithm = Arrays.equals(kind, Der.oid(Oids.RSA)) ? "RSA" : "EC";
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    /** SEC1 (RFC 5915): version, key, [0] parameters. */
    private static byte[] curveOf(byte[] der) throws MalformedDer {
        DerReader key = new DerReader(der).sequence().inside();
        key.integer();
        key.next();
        DerReader.Value parameters = key.next();
        if (parameters.tag() != PARAMETERS_TAG) {
            throw new MalformedDer("EC key does not name its curve");
        }
        return parameters.inside().oid();
    }
}
