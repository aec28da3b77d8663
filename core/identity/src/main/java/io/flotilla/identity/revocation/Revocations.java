package io.flotilla.identity.revocation;

import com.google.protobuf.Timestamp;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.revocation.RevocationSet.Entry;
import io.flotilla.identity.revocation.RevocationSet.What;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads revocations as they are distributed. */
public final class Revocations {
    private static final Pattern SERIAL = Pattern.compile("[0-9a-f]{1,40}");
    private static final Pattern FINGERPRINT = Pattern.compile("|[0-9a-f]{64}");

    private Revocations() {}

    /** A revocation, or what is wrong with it. */
    public sealed interface Outcome {
        record Good(Entry entry) implements Outcome {}

        record Bad(String message) implements Outcome {}
    }

    public static Outcome read(Revocation revocation) {
        return switch (revocation.getWhatCase()) {
            case CERTIFICATE -> serial(revocation);
            case IDENTITY ->
                id(revocation.getIdentity())
                        .<Outcome>map(id -> good(revocation, new What.Identity(id)))
                        .orElseGet(() -> new Outcome.Bad("identity \"" + revocation.getIdentity()
                                + "\" is not spiffe://DOMAIN/ns/NAMESPACE/sa/ACCOUNT"));
            case ISSUED_BEFORE ->
                id(revocation.getIssuedBefore().getIdentity())
                        .filter(id -> revocation.getIssuedBefore().hasTime())
                        .<Outcome>map(id -> good(
                                revocation,
                                new What.Before(
                                        id, time(revocation.getIssuedBefore().getTime()))))
                        .orElseGet(() -> new Outcome.Bad(
                                "issued_before needs a time and spiffe://DOMAIN/ns/NAMESPACE/sa/ACCOUNT"));
            case WHAT_NOT_SET ->
                new Outcome.Bad("a revocation names a certificate, an identity, or an identity and a time");
        };
    }

    private static Outcome serial(Revocation revocation) {
        String serial = revocation.getCertificate().getSerial();
        String issuer = revocation.getCertificate().getIssuer();
        if (!SERIAL.matcher(serial).matches() || !FINGERPRINT.matcher(issuer).matches()) {
            return new Outcome.Bad("certificate needs a serial number in lower-case hexadecimal, and as issuer nothing"
                    + " or a SHA-256 fingerprint");
        }
        return good(revocation, new What.Serial(new BigInteger(serial, 16), issuer));
    }

    /** Without an end it is kept for good. */
    private static Outcome good(Revocation revocation, What what) {
        return new Outcome.Good(new Entry(what, revocation.hasUntil() ? time(revocation.getUntil()) : Instant.MAX));
    }

    private static Optional<SpiffeId> id(String text) {
        return SpiffeId.parse(text);
    }

    private static Instant time(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds());
    }
}
