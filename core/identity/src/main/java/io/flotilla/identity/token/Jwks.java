package io.flotilla.identity.token;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON Web Key Set (RFC 7517) of signature keys: RSA of at least 2048 bits and EC on P-256.
 *
 * @param keys key id to key; keys without an id, of another kind or use are left out
 */
public record Jwks(Map<String, PublicKey> keys) {
    private static final int MIN_RSA_BITS = 2048;
    private static final int P256_BYTES = 32;

    public Jwks {
        keys = Map.copyOf(keys);
    }

    /** Reads a key set; empty where the text is no JSON object with "keys". */
    public static Optional<Jwks> parse(String json) {
        Optional<Map<String, Object>> set = Json.parse(json);
        if (set.isEmpty() || !Json.has(set.get(), "keys")) {
            return Optional.empty();
        }
        Map<String, PublicKey> keys = new LinkedHashMap<>();
        for (Object entry : Json.list(set.get(), "keys")) {
            Map<String, Object> key = Json.object(entry);
            String id = Json.text(key, "kid");
            String use = Json.text(key, "use");
            if (!id.isEmpty() && (use.isEmpty() || use.equals("sig"))) {
                key(key).ifPresent(publicKey -> keys.putIfAbsent(id, publicKey));
            }
        }
        return Optional.of(new Jwks(keys));
    }

    private static Optional<PublicKey> key(Map<String, Object> key) {
        try {
            return switch (Json.text(key, "kty")) {
                case "RSA" -> rsa(key);
                case "EC" -> ec(key);
                default -> Optional.empty();
            };
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Optional<PublicKey> rsa(Map<String, Object> key) throws GeneralSecurityException {
        Optional<byte[]> modulus = Json.base64(Json.text(key, "n"));
        Optional<byte[]> exponent = Json.base64(Json.text(key, "e"));
        if (modulus.isEmpty() || exponent.isEmpty()) {
            return Optional.empty();
        }
        BigInteger n = new BigInteger(1, modulus.get());
        BigInteger e = new BigInteger(1, exponent.get());
        return n.bitLength() < MIN_RSA_BITS
                ? Optional.empty()
                : Optional.of(KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(n, e)));
    }

    private static Optional<PublicKey> ec(Map<String, Object> key) throws GeneralSecurityException {
        Optional<byte[]> x = Json.base64(Json.text(key, "x"));
        Optional<byte[]> y = Json.base64(Json.text(key, "y"));
        if (!Json.text(key, "crv").equals("P-256") || !isCoordinate(x) || !isCoordinate(y)) {
            return Optional.empty();
        }
        AlgorithmParameters p256 = AlgorithmParameters.getInstance("EC");
        p256.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(new BigInteger(1, x.orElseThrow()), new BigInteger(1, y.orElseThrow()));
        return Optional.of(KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, p256.getParameterSpec(ECParameterSpec.class))));
    }

    /** RFC 7518, section 6.2.1.2: neither shortened nor padded. */
    private static boolean isCoordinate(Optional<byte[]> bytes) {
        return bytes.isPresent() && bytes.get().length == P256_BYTES;
    }

    /** The key set with one P-256 key in it, as JSON. */
    static String json(String id, ECPublicKey key) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("kty", "EC");
        entry.put("crv", "P-256");
        entry.put("use", "sig");
        entry.put("alg", "ES256");
        entry.put("kid", id);
        entry.put("x", coordinate(key.getW().getAffineX()));
        entry.put("y", coordinate(key.getW().getAffineY()));
        return JsonWriter.print(Map.of("keys", List.of(entry))) + "\n";
    }

    private static String coordinate(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[P256_BYTES];
        int length = Math.min(bytes.length, P256_BYTES);
        System.arraycopy(bytes, bytes.length - length, fixed, P256_BYTES - length, length);
        return Json.base64(fixed);
    }
}
