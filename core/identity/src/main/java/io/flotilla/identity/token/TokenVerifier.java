package io.flotilla.identity.token;

import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.Shown;
import io.flotilla.identity.token.TokenVerdict.Invalid;
import io.flotilla.identity.token.TokenVerdict.Reason;
import io.flotilla.identity.token.TokenVerdict.Valid;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Verifies the tokens that Kubernetes projects into pods: a JWT (RFC 7519) in compact form, signed by RS256 or ES256
 * with a key of the set that it names. The algorithm is the key's, never the token's own choice.
 */
public final class TokenVerifier {
    /** Kubernetes' own tokens have about 1,000 characters. */
    public static final int MAX_CHARS = 16 * 1024;

    private static final int PARTS = 3;

    private TokenVerifier() {}

    /**
     * A token taken apart, nothing of it proved.
     *
     * @param hint      what it says of itself, to find the keys to verify it by
     * @param signed    what its signature is over
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier between two lines of code: never compared, never kept
    public record Unverified(
            Hint hint, Map<String, Object> header, Map<String, Object> claims, String signed, byte[] signature) {}

    /**
     * What an unverified token says of itself.
     *
     * @param issuer its "iss"
     * @param key    its "kid"
     */
    public record Hint(String issuer, String key) {}

    /** Takes a token apart; empty where it is no signed JWT in compact form. */
    public static Optional<Unverified> read(String token) {
        String[] parts = token.length() > MAX_CHARS ? new String[0] : token.split("\\.", -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        Optional<Map<String, Object>> header = Json.parseBase64(parts[0]);
        Optional<Map<String, Object>> claims = Json.parseBase64(parts[1]);
        Optional<byte[]> signature = Json.base64(parts[2]);
        if (header.isEmpty() || claims.isEmpty() || signature.isEmpty() || Json.has(header.get(), "crit")) {
            return Optional.empty();
        }
        Hint hint = new Hint(Json.text(claims.get(), "iss"), Json.text(header.get(), "kid"));
        String signed = token.substring(0, parts[0].length() + 1 + parts[1].length());
        return Optional.of(new Unverified(hint, header.get(), claims.get(), signed, signature.get()));
    }

    /** What the token proves at this time. Messages name claims and keys, never the token itself. */
    public static TokenVerdict verify(String token, Jwks keys, TokenPolicy policy, Instant now) {
        return read(token)
                .map(unverified -> verify(unverified, keys, policy, now))
                .orElseGet(() -> new Invalid(
                        Reason.MALFORMED,
                        "token is not a signed JWT in compact form with a readable header and claims"));
    }

    /** The same, of a token that was taken apart before. */
    public static TokenVerdict verify(Unverified token, Jwks keys, TokenPolicy policy, Instant now) {
        return checkSignature(token.header(), token.signed(), token.signature(), keys)
                .<TokenVerdict>map(unsigned -> unsigned)
                .orElseGet(() -> checkClaims(token.claims(), policy, now));
    }

    private static Optional<Invalid> checkSignature(
            Map<String, Object> header, String signed, byte[] signature, Jwks keys) {
        String id = Json.text(header, "kid");
        PublicKey key = keys.keys().get(id);
        if (key == null) {
            return Optional.of(new Invalid(Reason.UNKNOWN_KEY, "key \"" + Shown.of(id) + "\" is not in the key set"));
        }
        boolean rsa = key.getAlgorithm().equals("RSA");
        String algorithm = Json.text(header, "alg");
        if (!algorithm.equals(rsa ? "RS256" : "ES256")) {
            return Optional.of(new Invalid(
                    Reason.ALGORITHM_NOT_ALLOWED,
                    "algorithm \"" + Shown.of(algorithm) + "\" is not that of key \"" + Shown.of(id) + "\""));
        }
        try {
            Signature verifier = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            verifier.initVerify(key);
            verifier.update(signed.getBytes(StandardCharsets.US_ASCII));
            if (verifier.verify(signature)) {
                return Optional.empty();
            }
        } catch (GeneralSecurityException e) {
            // A signature of the wrong size or a key off its curve: not by this key, like any other bad signature.
            return Optional.of(badSignature(id));
        }
        return Optional.of(badSignature(id));
    }

    private static Invalid badSignature(String id) {
        return new Invalid(Reason.BAD_SIGNATURE, "token is not signed by key \"" + Shown.of(id) + "\"");
    }

    private static TokenVerdict checkClaims(Map<String, Object> claims, TokenPolicy policy, Instant now) {
        if (!Json.text(claims, "iss").equals(policy.issuer())) {
            return new Invalid(
                    Reason.WRONG_ISSUER,
                    "issuer \"" + Shown.of(Json.text(claims, "iss")) + "\" is not \"" + policy.issuer() + "\"");
        }
        if (!Json.texts(claims, "aud").contains(policy.audience())) {
            return new Invalid(Reason.WRONG_AUDIENCE, "audience \"" + policy.audience() + "\" is not in the token");
        }
        Optional<Instant> expires = Json.time(claims, "exp");
        if (expires.isEmpty()) {
            return new Invalid(Reason.MALFORMED, "token has no time of expiry");
        }
        if (!now.isBefore(expires.get().plus(policy.leeway()))) {
            return new Invalid(Reason.EXPIRED, "token ended at " + expires.get());
        }
        for (String claim : List.of("nbf", "iat")) {
            Optional<Instant> from = Json.time(claims, claim);
            if (Json.has(claims, claim) && from.isEmpty()) {
                return new Invalid(Reason.MALFORMED, "claim \"" + claim + "\" is not a time");
            }
            if (from.isPresent() && now.plus(policy.leeway()).isBefore(from.get())) {
                return new Invalid(Reason.NOT_YET_VALID, "token begins at " + from.get());
            }
        }
        return switch (policy.subjects()) {
            case TokenPolicy.Subjects.Kubernetes kubernetes -> kubernetes(claims, expires.get());
            case TokenPolicy.Subjects.Named named -> named(claims, named, expires.get());
        };
    }

    private static TokenVerdict named(Map<String, Object> claims, TokenPolicy.Subjects.Named named, Instant expires) {
        String subject = Json.text(claims, "sub");
        ServiceAccount account = named.accounts().get(subject);
        return account == null
                ? new Invalid(
                        Reason.NO_SERVICE_ACCOUNT,
                        "subject \"" + Shown.of(subject) + "\" is given no service account by the settings")
                : valid(account, ServiceAccountToken.Bound.NOTHING, claims, expires);
    }

    private static Valid valid(
            ServiceAccount account, ServiceAccountToken.Bound bound, Map<String, Object> claims, Instant expires) {
        Instant issued = Json.time(claims, "iat").orElse(Instant.EPOCH);
        return new Valid(new ServiceAccountToken(account, bound, issued, expires, Json.text(claims, "jti")));
    }

    private static TokenVerdict kubernetes(Map<String, Object> claims, Instant expires) {
        Map<String, Object> kubernetes = Json.object(claims, "kubernetes.io");
        Optional<ServiceAccount> account = ServiceAccount.parse(
                Json.text(kubernetes, "namespace"), Json.text(Json.object(kubernetes, "serviceaccount"), "name"));
        if (account.isEmpty()) {
            return new Invalid(Reason.NO_SERVICE_ACCOUNT, "claim \"kubernetes.io\" names no service account");
        }
        String subject = "system:serviceaccount:" + account.get().namespace() + ":"
                + account.get().name();
        if (!Json.text(claims, "sub").equals(subject)) {
            return new Invalid(
                    Reason.NO_SERVICE_ACCOUNT, "subject is not \"" + subject + "\", which the other claims name");
        }
        Map<String, Object> pod = Json.object(kubernetes, "pod");
        Optional<ServiceAccountToken.Pod> bound = Json.text(pod, "uid").isEmpty()
                ? Optional.empty()
                : Optional.of(new ServiceAccountToken.Pod(Json.text(pod, "name"), Json.text(pod, "uid")));
        String accountUid = Json.text(Json.object(kubernetes, "serviceaccount"), "uid");
        return valid(account.get(), new ServiceAccountToken.Bound(accountUid, bound), claims, expires);
    }
}
