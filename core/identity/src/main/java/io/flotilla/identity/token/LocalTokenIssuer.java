package io.flotilla.identity.token;

import io.flotilla.identity.KeyForms;
import io.flotilla.identity.ServiceAccount;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signs service account tokens where no Kubernetes does: the local mesh and tests. The tokens look like projected
 * ones. The caller keeps {@link #pem} in a file that nobody else reads, and gives {@link #jwks} to Citadel.
 */
public final class LocalTokenIssuer {
    /** The issuer of the local mesh. */
    public static final String ISSUER = "https://token.flotilla.local";

    private static final int ID_BYTES = 16;
    private static final int KEY_ID_CHARS = 32;

    private final KeyPair pair;
    private final String keyId;
    private final String issuer;

    private LocalTokenIssuer(KeyPair pair, String issuer) {
        this.pair = pair;
        this.issuer = issuer;
        this.keyId = KeyForms.fingerprint(pair.getPublic().getEncoded()).substring(0, KEY_ID_CHARS);
    }

    /**
     * What a token is asked to say.
     *
     * @param account  whose token
     * @param pod      bound to this pod, where given
     * @param audience such as {@code istio-ca}
     * @param lifetime whole seconds
     */
    public record TokenRequest(
            ServiceAccount account, Optional<ServiceAccountToken.Pod> pod, String audience, Duration lifetime) {}

    /** An issuer with a new key. */
    public static LocalTokenIssuer create(SecureRandom random) {
        return new LocalTokenIssuer(KeyForms.generate(random), ISSUER);
    }

    /** The issuer that wrote this {@link #pem}; empty where it is not readable. */
    public static Optional<LocalTokenIssuer> parse(String pem) {
        return KeyForms.parsePair(pem).map(pair -> new LocalTokenIssuer(pair, ISSUER));
    }

    /** The same key under another name. */
    public LocalTokenIssuer named(String name) {
        return new LocalTokenIssuer(pair, name);
    }

    public String issuer() {
        return issuer;
    }

    /** The key pair: for a file with mode 0600. */
    public String pem() {
        return KeyForms.pairPem(pair);
    }

    /** The public key set, for everybody. */
    public String jwks() {
        return Jwks.json(keyId, (ECPublicKey) pair.getPublic());
    }

    /** A signed token. */
    public String mint(TokenRequest request, Instant now, SecureRandom random) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "ES256");
        header.put("kid", keyId);
        header.put("typ", "JWT");
        String signed = part(header) + "." + part(claims(request, now, random));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(pair.getPrivate(), random);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + Json.base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a token: " + e.getMessage(), e);
        }
    }

    private Map<String, Object> claims(TokenRequest request, Instant now, SecureRandom random) {
        ServiceAccount account = request.account();
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        Map<String, Object> kubernetes = new LinkedHashMap<>();
        kubernetes.put("namespace", account.namespace());
        kubernetes.put("serviceaccount", named(account.name(), uidOf(account)));
        request.pod().ifPresent(pod -> kubernetes.put("pod", named(pod.name(), pod.uid())));
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("sub", "system:serviceaccount:" + account.namespace() + ":" + account.name());
        claims.put("aud", List.of(request.audience()));
        claims.put("iat", now.getEpochSecond());
        claims.put("nbf", now.getEpochSecond());
        claims.put("exp", now.plus(request.lifetime()).getEpochSecond());
        claims.put("jti", HexFormat.of().formatHex(id));
        claims.put("kubernetes.io", kubernetes);
        return claims;
    }

    private static Map<String, Object> named(String name, String uid) {
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("name", name);
        named.put("uid", uid);
        return named;
    }

    /** The local mesh has no API server that gives UIDs: the name's hash stands for it. */
    private static String uidOf(ServiceAccount account) {
        return KeyForms.fingerprint(account.toString().getBytes(StandardCharsets.UTF_8))
                .substring(0, KEY_ID_CHARS);
    }

    private static String part(Map<String, Object> object) {
        return Json.base64(JsonWriter.print(object).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "token issuer " + issuer + ", key " + keyId;
    }
}
