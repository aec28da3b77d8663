package io.flotilla.identity.token;

import io.flotilla.identity.KeyForms;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Tokens that differ from a good one in one thing, written without the code under test. */
final class Tokens {
    static final String ISSUER = "https://token.example";
    static final Instant ISSUED = Instant.ofEpochSecond(1_800_000_000L);
    static final Instant EXPIRES = ISSUED.plusSeconds(3600);
    static final Instant NOW = ISSUED.plusSeconds(60);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final KeyPair EC = KeyForms.generate(RANDOM);
    private static final KeyPair RSA = rsaPair();

    private final Map<String, String> header = new LinkedHashMap<>();
    private final Map<String, String> claims = new LinkedHashMap<>();
    private final StringBuilder story = new StringBuilder();
    private KeyPair pair = EC;

    private Tokens() {
        header.put("alg", "\"ES256\"");
        header.put("kid", "\"ec\"");
        claims.put("\"iss\"", quoted(ISSUER));
        claims.put("\"aud\"", "[\"istio-ca\"]");
        claims.put("\"sub\"", "\"system:serviceaccount:default:reviews\"");
        claims.put("\"iat\"", Long.toString(ISSUED.getEpochSecond()));
        claims.put("\"nbf\"", Long.toString(ISSUED.getEpochSecond()));
        claims.put("\"exp\"", Long.toString(EXPIRES.getEpochSecond()));
        claims.put("\"jti\"", "\"id-1\"");
        claims.put("\"kubernetes.io\"", """
                {"namespace":"default","serviceaccount":{"name":"reviews","uid":"sa-1"},
                 "pod":{"name":"reviews-v1-0","uid":"uid-1"}}""");
    }

    static Tokens good() {
        return new Tokens();
    }

    static Jwks keys() {
        return new Jwks(Map.of("ec", EC.getPublic(), "rsa", RSA.getPublic()));
    }

    Tokens rsa() {
        pair = RSA;
        header.put("alg", "\"RS256\"");
        header.put("kid", "\"rsa\"");
        return this;
    }

    Tokens header(String name, String json) {
        story.append(name).append('=').append(json);
        header.put(name, json);
        return this;
    }

    Tokens claim(String name, String json) {
        story.append(name).append('=').append(json);
        claims.put(name, json);
        return this;
    }

    Tokens without(String name) {
        story.append("without ").append(name);
        claims.remove(name);
        return this;
    }

    Tokens signedByAnother() {
        story.append("signed by another");
        pair = KeyForms.generate(RANDOM);
        return this;
    }

    String compact() {
        String heads = header.entrySet().stream()
                .map(entry -> quoted(entry.getKey()) + ":" + entry.getValue())
                .collect(Collectors.joining(",", "{", "}"));
        String body = claims.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(",", "{", "}"));
        String signed = Json.base64(heads.getBytes(StandardCharsets.UTF_8)) + "."
                + Json.base64(body.getBytes(StandardCharsets.UTF_8));
        try {
            boolean ec = pair.getPublic().getAlgorithm().equals("EC");
            Signature signature = Signature.getInstance(ec ? "SHA256withECDSAinP1363Format" : "SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + Json.base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private static KeyPair rsaPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048, RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return story.toString();
    }
}
