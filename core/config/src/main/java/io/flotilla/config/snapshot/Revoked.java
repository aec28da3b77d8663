package io.flotilla.config.snapshot;

import java.time.Instant;
import java.util.List;

/**
 * Everything that is revoked, sorted, so that equal sets are equal bytes. What has ended since is still here until its
 * object goes: it strikes nobody any more.
 *
 * @param identities SPIFFE ids
 * @param serials    certificates by serial number, lower-case hexadecimal without leading zeros
 * @param before     certificates of an identity that began before a time
 * @param drain      names of the revocations that want open TCP connections closed too
 */
public record Revoked(List<String> identities, List<String> serials, List<IssuedBefore> before, List<String> drain) {
    public static final Revoked NOTHING = new Revoked(List.of(), List.of(), List.of(), List.of());

    public Revoked {
        identities = List.copyOf(identities);
        serials = List.copyOf(serials);
        before = List.copyOf(before);
        drain = List.copyOf(drain);
    }

    /** Whoever has this identity, by a certificate that began before the time. */
    public record IssuedBefore(String identity, Instant time) {}

    public boolean isEmpty() {
        return identities.isEmpty() && serials.isEmpty() && before.isEmpty();
    }
}
