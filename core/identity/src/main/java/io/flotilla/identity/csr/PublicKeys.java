package io.flotilla.identity.csr;

import io.flotilla.identity.der.Der;
import io.flotilla.identity.der.DerReader;
import io.flotilla.identity.der.MalformedDer;
import io.flotilla.identity.der.Oids;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.EllipticCurve;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Which public keys a certificate may be for. */
final class PublicKeys {
    static final int MIN_RSA_BITS = 2048;
    static final int MAX_RSA_BITS = 8192;
    private static final int MAX_EXPONENT_BITS = 64;
    private static final byte UNCOMPRESSED = 4;
    private static final byte[] RSA = Der.oid(Oids.RSA);
    private static final byte[] EC = Der.oid(Oids.EC_PUBLIC_KEY);
    private static final List<byte[]> CURVES = List.of(Der.oid(Oids.P256), Der.oid(Oids.P384), Der.oid(Oids.P521));

    private PublicKeys() {}

    /** The key of a SubjectPublicKeyInfo; empty where its kind, curve or size is not allowed. */
    static Optional<PublicKey> read(DerReader.Value info) throws MalformedDer {
        DerReader algorithm = info.inside().sequence().inside();
        byte[] kind = algorithm.oid();
        try {
            if (Arrays.equals(kind, RSA)) {
                return rsa(info.encoded());
            }
            if (!Arrays.equals(kind, EC)) {
                return Optional.empty();
            }
            byte[] curve = algorithm.next().encoded();
            return CURVES.stream().anyMatch(allowed -> Arrays.equals(allowed, curve)) ? ec(info) : Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new MalformedDer("public key: " + e.getMessage());
        }
    }

    private static Optional<PublicKey> rsa(byte[] encoded) throws GeneralSecurityException {
        RSAPublicKey key = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(encoded));
        int bits = key.getModulus().bitLength();
        BigInteger exponent = key.getPublicExponent();
        boolean allowed = bits >= MIN_RSA_BITS
                && bits <= MAX_RSA_BITS
                && exponent.testBit(0)
                && exponent.bitLength() > 1
                && exponent.bitLength() <= MAX_EXPONENT_BITS;
        return allowed ? Optional.of(key) : Optional.empty();
    }

    private static Optional<PublicKey> ec(DerReader.Value info) throws GeneralSecurityException, MalformedDer {
        ECPublicKey key =
                (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(info.encoded()));
        EllipticCurve curve = key.getParams().getCurve();
        DerReader parts = info.inside();
        parts.sequence();
        return isOnCurve(parts.bits(), curve) ? Optional.of(key) : Optional.empty();
    }

    /** Of an uncompressed point (SEC 1, 2.3.3), the only form that RFC 5480 demands; not every provider looks. */
    private static boolean isOnCurve(byte[] point, EllipticCurve curve) {
        int size = (curve.getField().getFieldSize() + Byte.SIZE - 1) / Byte.SIZE;
        if (point.length != 1 + 2 * size
                || point[0] != UNCOMPRESSED
                || !(curve.getField() instanceof ECFieldFp field)) {
            return false;
        }
        BigInteger p = field.getP();
        BigInteger x = new BigInteger(1, point, 1, size);
        BigInteger y = new BigInteger(1, point, 1 + size, size);
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
            return false;
        }
        BigInteger right =
                x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB()).mod(p);
        return y.multiply(y).mod(p).equals(right);
    }
}
