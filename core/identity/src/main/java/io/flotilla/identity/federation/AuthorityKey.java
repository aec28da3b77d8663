package io.flotilla.identity.federation;

import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An authority as a JSON Web Key (RFC 7517, 7518) with its certificate. */
final class AuthorityKey {
    private AuthorityKey() {}

    static Map<String, Object> of(X509Certificate certificate) {
        Map<String, Object> key = new LinkedHashMap<>();
        key.put("use", "x509-svid");
        switch (certificate.getPublicKey()) {
            case ECPublicKey ec -> {
                int bits = ec.getParams().getOrder().bitLength();
                int bytes = (bits + 7) / 8;
                key.put("kty", "EC");
                key.put("crv", "P-" + bits);
                key.put("x", base64(ec.getW().getAffineX(), bytes));
                key.put("y", base64(ec.getW().getAffineY(), bytes));
            }
            case RSAPublicKey rsa -> {
                key.put("kty", "RSA");
                key.put("n", base64(rsa.getModulus(), (rsa.getModulus().bitLength() + 7) / 8));
                key.put(
                        "e",
                        base64(rsa.getPublicExponent(), (rsa.getPublicExponent().bitLength() + 7) / 8));
            }
            default ->
                throw new IllegalArgumentException("an authority has a key of kind "
                        + certificate.getPublicKey().getAlgorithm() + ", but EC and RSA are what bundles hold");
        }
        key.put("x5c", List.of(der(certificate)));
        return key;
    }

    private static String der(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("certificate without an encoding", e);
        }
    }

    /** Unsigned, of exactly this length. */
    private static String base64(BigInteger number, int length) {
        byte[] signed = number.toByteArray();
        byte[] fixed = new byte[length];
        int taken = Math.min(signed.length, length);
        System.arraycopy(signed, signed.length - taken, fixed, length - taken, taken);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(fixed);
    }
}
