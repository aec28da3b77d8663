package io.flotilla.citadel.call;

import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.issue.Caller;
import io.flotilla.service.caller.Credentials;
import io.flotilla.service.caller.Proof;
import io.flotilla.service.caller.Verdict;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * A client certificate of this mesh that is still good, for renewal. TLS has verified its chain; a connection can
 * outlive it, so that its end counts at each call.
 */
public final class CertificateProof implements Proof {
    private final TrustDomain domain;
    private final Clock clock;
    private final Revoked revoked;

    /** Whether a certificate was taken back. */
    public interface Revoked {
        boolean test(X509Certificate certificate, SpiffeId id);
    }

    public CertificateProof(TrustDomain domain, Clock clock, Revoked revoked) {
        this.domain = domain;
        this.clock = clock;
        this.revoked = revoked;
    }

    @Override
    public Optional<Verdict> check(Credentials credentials) {
        return credentials.certificate().map(this::judged);
    }

    private Verdict judged(X509Certificate certificate) {
        Instant now = clock.instant();
        Instant end = certificate.getNotAfter().toInstant();
        Optional<SpiffeId> id = Certificates.spiffeId(certificate)
                .filter(each -> each.trustDomain().equals(domain));
        if (id.isEmpty()) {
            return new Verdict.Unproven("client certificate has no identity of trust domain " + domain);
        }
        if (now.isBefore(certificate.getNotBefore().toInstant()) || !now.isBefore(end)) {
            return new Verdict.Unproven("client certificate ended at " + end);
        }
        if (revoked.test(certificate, id.get())) {
            return new Verdict.Unproven("client certificate " + Certificates.serialOf(certificate) + " is revoked");
        }
        String by = "certificate " + Certificates.serialOf(certificate);
        return new Verdict.Proven(new Caller(id.get().account(), by), end);
    }
}
