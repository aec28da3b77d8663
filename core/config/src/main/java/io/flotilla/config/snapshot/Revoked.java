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
 * @param drained    "TIME NAME" of the last revocation that wants open TCP connections closed too; empty for none. An
 *                   older one that goes changes nothing
 */
public record Revoked(List<String> identities, List<String> serials, List<IssuedBefore> before, String drained) {
    public static final Revoked NOTHING = new Revoked(List.of(), List.of(), List.of(), "");

    public Revoked {
        identities = List.copyOf(identities);
        serials = List.copyOf(serials);
        before = List.copyOf(before);
    }

    /** Whoever has this identity, by a certificate that began before the time. */
    public record IssuedBefore(String identity, Instant time) {}

    public boolean isEmpty() {
        return identities.isEmpty() && serials.isEmpty() && before.isEmpty();
    }
}
