package io.flotilla.identity.revocation;

import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.Certificates;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that is revoked.
 *
 * @param entries in the order in which they came
 */
public record RevocationSet(List<Entry> entries) {
    public static final RevocationSet NOTHING = new RevocationSet(List.of());

    public RevocationSet {
        entries = List.copyOf(entries);
    }

    /**
     * One revocation.
     *
     * @param until after this all that it strikes has ended by itself; an identity is struck for good
     */
    public record Entry(What what, Instant until) {}

    /** What it strikes. */
    public sealed interface What {
        /** One certificate; of every issuer where the issuer's fingerprint is empty. */
        record Serial(BigInteger number, String issuer) implements What {}

        /** All certificates of an identity, also those to come. */
        record Identity(SpiffeId id) implements What {}

        /** The certificates of an identity that began before a time. */
        record Before(SpiffeId id, Instant time) implements What {}
    }

    /** Whether a certificate of this identity is revoked. Its beginning is its issue less the backdating. */
    public boolean covers(X509Certificate certificate, SpiffeId id, Instant now) {
        return current(now).stream().anyMatch(entry -> switch (entry.what()) {
            case What.Serial serial -> serial.number().equals(certificate.getSerialNumber());
            case What.Identity identity -> identity.id().equals(id);
            case What.Before before ->
                before.id().equals(id) && certificate.getNotBefore().toInstant().isBefore(before.time());
        });
    }

    /** Whether an identity gets no certificate at all: the reason, where it does not. */
    public Optional<String> forbids(SpiffeId id, Instant now) {
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        boolean forbidden = current(now).stream()
                .anyMatch(entry -> entry.what() instanceof What.Identity identity
                        && identity.id().equals(id));
        return forbidden ? Optional.of("identity " + id + " is revoked") : Optional.empty();
    }

    /** Serial numbers that an issuer's list must have, in order. */
    public List<BigInteger> serials(X509Certificate issuer, Instant now) {
        String fingerprint = Certificates.fingerprint(issuer);
        return current(now).stream()
                .map(Entry::what)
                .filter(What.Serial.class::isInstance)
                .map(What.Serial.class::cast)
                .filter(serial -> serial.issuer().isEmpty() || serial.issuer().equals(fingerprint))
                .map(What.Serial::number)
                .distinct()
                .sorted()
                .toList();
    }

    /** Those that still strike somebody: an identity as long as its entry is there. */
    public List<Entry> current(Instant now) {
        return entries.stream()
                .filter(entry -> entry.what() instanceof What.Identity || now.isBefore(entry.until()))
                .toList();
    }
}
