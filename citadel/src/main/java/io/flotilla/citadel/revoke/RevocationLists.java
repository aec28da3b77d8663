package io.flotilla.citadel.revoke;

import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.revocation.CrlPlan;
import io.flotilla.identity.revocation.RevocationSet;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The lists (CRL) that go with the roots: made when something changes, the same text until then. */
public final class RevocationLists {
    private static final Logger LOG = Logger.getLogger("citadel");

    private final Supplier<RevocationSet> revoked;
    private final Supplier<Issuers> issuers;
    private final Clock clock;
    private final SecureRandom random;
    private String pem = "";
    private String problem = "";
    private String gap = "";

    public RevocationLists(
            Supplier<RevocationSet> revoked, Supplier<Issuers> issuers, Clock clock, SecureRandom random) {
        this.revoked = revoked;
        this.issuers = issuers;
        this.clock = clock;
        this.random = random;
        renew();
    }

    /**
     * Everybody whose leaves may be met.
     *
     * @param certificates that sign leaves, and are believed
     * @param keys         those of them that are here
     */
    public record Issuers(List<X509Certificate> certificates, List<Authority> keys) {
        public Issuers {
            certificates = List.copyOf(certificates);
            keys = List.copyOf(keys);
        }
    }

    /** After a change of what is revoked or of who signs. */
    public synchronized void renew() {
        Issuers now = issuers.get();
        warnOfGap(now);
        CrlPlan plan = CrlPlan.of(revoked.get(), now.certificates(), now.keys(), clock.instant(), random);
        switch (plan) {
            case CrlPlan.Nothing nothing -> set("", "");
            case CrlPlan.Lists lists -> set(lists.pem(), "");
            case CrlPlan.Incomplete incomplete -> set("", incomplete.message());
        }
    }

    /** Before somebody revokes something and wonders: where lists could be made but for a root that came from outside. */
    private void warnOfGap(Issuers now) {
        String here = now.keys().isEmpty()
                ? ""
                : CrlPlan.gap(now.certificates(), now.keys()).orElse("");
        if (!here.isEmpty() && !here.equals(gap)) {
            LOG.warnf(
                    "no revocation lists can be made while MeshConfig names that root: %s; a revoked serial number is"
                            + " refused over TCP with its first bytes, not in the handshake",
                    here);
        }
        gap = here;
    }

    private void set(String text, String why) {
        if (!why.isEmpty() && !why.equals(problem)) {
            LOG.warnf("no revocation list is sent, TCP peers are refused with their first bytes instead: %s", why);
        }
        pem = text;
        problem = why;
    }

    /** In PEM, one for each issuer; empty where none is sent. */
    public synchronized String pem() {
        return pem;
    }

    /** Why none is sent though something is revoked; empty where that is not so. */
    public synchronized String problem() {
        return problem;
    }
}
