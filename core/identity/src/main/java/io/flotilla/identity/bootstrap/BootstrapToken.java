package io.flotilla.identity.bootstrap;

import io.flotilla.identity.KeyForms;
import io.flotilla.identity.ServiceAccount;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A one-time token as its bearer has it: {@code flotilla-vm.ID.SECRET}. What is kept of it is a {@link Grant}, from
 * which the secret cannot be had.
 *
 * @param id     16 hexadecimal digits, no secret
 * @param secret 256 random bits in base64url
 */
public record BootstrapToken(String id, String secret) {
    private static final int ID_BYTES = 8;
    private static final int SECRET_BYTES = 32;
    private static final Pattern FORM = Pattern.compile("flotilla-vm\\.([0-9a-f]{16})\\.([A-Za-z0-9_-]{43})");

    /**
     * What is kept.
     *
     * @param id         of the token
     * @param secretHash SHA-256 of the secret, hexadecimal
     * @param account    whose identity it gives
     * @param expiresAt  when it ends, used or not
     */
    public record Grant(String id, String secretHash, ServiceAccount account, Instant expiresAt) {
        /** Why this token does not open it; empty where it does. */
        public Optional<String> refusal(BootstrapToken token, Instant now) {
            boolean same = token.id().equals(id)
                    && MessageDigest.isEqual(
                            secretHash.getBytes(StandardCharsets.US_ASCII),
                            token.hash().getBytes(StandardCharsets.US_ASCII));
            if (!same) {
                return Optional.of("bootstrap token " + token.id() + " is not one of ours");
            }
            return now.isBefore(expiresAt)
                    ? Optional.empty()
                    : Optional.of("bootstrap token " + id + " ended at " + expiresAt);
        }
    }

    /** A new one. */
    public static BootstrapToken random(SecureRandom random) {
        byte[] id = new byte[ID_BYTES];
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(id);
        random.nextBytes(secret);
        return new BootstrapToken(
                HexFormat.of().formatHex(id),
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** Reads what a bearer shows; empty where it has another form. */
    public static Optional<BootstrapToken> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new BootstrapToken(matcher.group(1), matcher.group(2)))
                : Optional.empty();
    }

    /** What is to be kept of it. */
    public Grant grant(ServiceAccount account, Instant expiresAt) {
        return new Grant(id, hash(), account, expiresAt);
    }

    /** What the bearer is given. */
    public String text() {
        return "flotilla-vm." + id + "." + secret;
    }

    private String hash() {
        return KeyForms.fingerprint(secret.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return "bootstrap token " + id;
    }
}
