package io.flotilla.identity.sds;

import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.Authority;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what an SDS version says, so that any Citadel with the same signing key can believe it when Envoy comes back
 * with it, and nobody else can write one. Form: {@code 1.BASE64URL(fields).BASE64URL(HMAC-SHA256)}.
 */
public final class VersionSeal {
    private static final String PREFIX = "1";
    private static final String FIELD_END = "\n";
    private static final int FIELDS = 6;
    private static final int MAX_CHARS = 2048;
    private static final byte[] PURPOSE = "flotilla sds version".getBytes(StandardCharsets.US_ASCII);

    private final SecretKeySpec key;

    private VersionSeal(byte[] key) {
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    /** The seal of an authority: its key is derived from the signing key, so that a restart keeps it. */
    public static VersionSeal of(Authority authority) {
        return new VersionSeal(mac(new SecretKeySpec(authority.keyMaterial(), "HmacSHA256"), PURPOSE));
    }

    public String seal(HeldCertificate held) {
        String fields = String.join(
                FIELD_END,
                held.id().uri(),
                Long.toString(held.notAfter().getEpochSecond()),
                Long.toString(held.renewAt().getEpochSecond()),
                held.issuer(),
                held.epoch(),
                held.keyHash());
        String body = PREFIX + "." + base64(fields.getBytes(StandardCharsets.UTF_8));
        return body + "." + base64(mac(key, body.getBytes(StandardCharsets.US_ASCII)));
    }

    /** What a version says, empty where it is not one that this seal made. */
    public Optional<HeldCertificate> open(String version) {
        int end = version.lastIndexOf('.');
        if (end < 0 || version.length() > MAX_CHARS || !version.startsWith(PREFIX + ".") || end < 2) {
            return Optional.empty();
        }
        try {
            String body = version.substring(0, end);
            byte[] given = Base64.getUrlDecoder().decode(version.substring(end + 1));
            if (!MessageDigest.isEqual(given, mac(key, body.getBytes(StandardCharsets.UTF_8)))) {
                return Optional.empty();
            }
            byte[] fields = Base64.getUrlDecoder().decode(body.substring(PREFIX.length() + 1));
            return read(new String(fields, StandardCharsets.UTF_8).split(FIELD_END, -1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<HeldCertificate> read(String[] fields) {
        if (fields.length != FIELDS) {
            return Optional.empty();
        }
        return SpiffeId.parse(fields[0])
                .map(id -> new HeldCertificate(id, time(fields[1]), time(fields[2]), fields[3], fields[4], fields[5]));
    }

    private static Instant time(String seconds) {
        return Instant.ofEpochSecond(Long.parseLong(seconds));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] mac(SecretKeySpec key, byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }
}
