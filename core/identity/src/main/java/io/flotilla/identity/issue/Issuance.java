package io.flotilla.identity.issue;

import io.flotilla.identity.Shown;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.CertificateTemplate;
import io.flotilla.identity.csr.CertificateRequest;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides what a caller gets: the identity is the caller's, whatever the request says. */
public final class Issuance {
    private Issuance() {}

    /** A certificate to be signed, or why there is none. */
    public sealed interface Decision {
        record Granted(SpiffeId id, CertificateTemplate template) implements Decision {}

        record Refused(Reason reason, String message) implements Decision {}
    }

    /** Why no certificate is issued. */
    public enum Reason {
        /** Longer than the policy's longest. */
        LIFETIME_TOO_LONG,
        /** The request asks for a name that is not the caller's. */
        NAME_NOT_THE_CALLERS,
        /** The signing certificate is over. */
        ISSUER_EXPIRED
    }

    /**
     * Decides one request.
     *
     * @param asked  lifetime; zero or less asks for the usual one
     * @param moment the time, and a random serial number
     */
    public static Decision decide(
            Caller caller, CertificateRequest request, Duration asked, IssuancePolicy policy, Moment moment) {
        Duration lifetime = asked.isPositive() ? asked : policy.lifetimes().usual();
        if (lifetime.compareTo(policy.lifetimes().longest()) > 0) {
            return new Decision.Refused(
                    Reason.LIFETIME_TOO_LONG,
                    "lifetime " + lifetime + " is above the longest, "
                            + policy.lifetimes().longest());
        }
        Instant now = moment.now().truncatedTo(ChronoUnit.SECONDS);
        if (!now.isBefore(policy.issuerEnd())) {
            return new Decision.Refused(
                    Reason.ISSUER_EXPIRED, "the signing certificate ended at " + policy.issuerEnd());
        }
        SpiffeId id = new SpiffeId(policy.trustDomain(), caller.account());
        List<String> dnsNames = policy.serverNames().of(caller.account());
        Optional<String> foreign = foreignName(request.asked(), id, dnsNames);
        if (foreign.isPresent()) {
            return new Decision.Refused(
                    Reason.NAME_NOT_THE_CALLERS,
                    "request asks for " + foreign.get() + ", which is not a name of " + id
                            + "; ask for no names, or for one's own");
        }
        Instant wanted = now.plus(lifetime);
        Instant end = wanted.isAfter(policy.issuerEnd()) ? policy.issuerEnd() : wanted;
        return new Decision.Granted(
                id,
                new CertificateTemplate(
                        moment.serial(),
                        CertificateTemplate.Subject.NONE,
                        List.of(id.uri()),
                        dnsNames,
                        new CertificateTemplate.Validity(now.minus(policy.backdate()), end),
                        new CertificateTemplate.Holder(request.publicKey(), false)));
    }

    /** The first name that the request must not ask for, fit to be shown. */
    private static Optional<String> foreignName(
            CertificateRequest.AskedNames asked, SpiffeId id, List<String> dnsNames) {
        Stream<String> uris = asked.uris().stream().filter(uri -> !uri.equals(id.uri()));
        Stream<String> names = asked.dnsNames().stream().filter(name -> !dnsNames.contains(name));
        return Stream.concat(
                        Stream.concat(uris, names).map(name -> "\"" + Shown.of(name) + "\""), asked.others().stream())
                .findFirst();
    }

    /** What the clock says and chance gives: the parts of a decision that differ each time. */
    public record Moment(Instant now, BigInteger serial) {}
}
