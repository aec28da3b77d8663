package io.flotilla.envoy.jwt;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs tokens, good ones and those of attackers. */
public final class Issuer {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final KeyPair keys;
    private final String id;

    public Issuer(String id) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        this.keys = generator.generateKeyPair();
        this.id = id;
    }

    public String jwks() {
        ECPublicKey open = (ECPublicKey) keys.getPublic();
        return "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":\"ES256\",\"kid\":\"" + id + "\",\"x\":\""
                + coordinate(open.getW().getAffineX()) + "\",\"y\":\""
                + coordinate(open.getW().getAffineY()) + "\"}]}";
    }

    /** A token by this issuer's key. */
    public String token(String claims) throws GeneralSecurityException {
        return headed("{\"alg\":\"ES256\",\"kid\":\"" + id + "\"}", claims);
    }

    /** The same with a header of the caller's choice. */
    String headed(String header, String claims) throws GeneralSecurityException {
        String signed = part(header) + "." + part(claims);
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(keys.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + BASE64.encodeToString(signature.sign());
    }

    /** The key as a token may bring it along. */
    String key() {
        return jwks().substring(jwks().indexOf('[') + 1, jwks().lastIndexOf(']'));
    }

    /** Nobody signed it. */
    String unsigned(String claims) {
        return part("{\"alg\":\"none\",\"kid\":\"" + id + "\"}") + "." + part(claims) + ".";
    }

    /** Signed with what everybody can read, taken for a secret. */
    String confused(String claims) throws GeneralSecurityException {
        String signed = part("{\"alg\":\"HS256\",\"kid\":\"" + id + "\"}") + "." + part(claims);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(jwks().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return signed + "." + BASE64.encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String part(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String coordinate(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[32];
        byte[] last = bytes.length > 32 ? Arrays.copyOfRange(bytes, bytes.length - 32, bytes.length) : bytes;
        System.arraycopy(last, 0, fixed, 32 - last.length, last.length);
        return BASE64.encodeToString(fixed);
    }
}
