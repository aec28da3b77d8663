package io.flotilla.citadel.sign;

import io.flotilla.identity.KeyForms;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.CertificateCheck;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.csr.CertificateRequest;
import io.flotilla.identity.issue.Caller;
import io.flotilla.identity.issue.Issuance;
import io.flotilla.identity.issue.IssuancePolicy;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Carries out what {@link Issuance} decides, and leaves a line about each certificate. */
public final class Signer {
    private static final Logger AUDIT = Logger.getLogger("citadel.audit");

    private final Authority authority;
    private final IssuancePolicy policy;
    private final Clock clock;
    private final SecureRandom random;
    private final Consumer<Outcome> count;

    /**
     * Signs with this authority, by this policy.
     *
     * @param count told each outcome, for metrics
     */
    public Signer(
            Authority authority, IssuancePolicy policy, Clock clock, SecureRandom random, Consumer<Outcome> count) {
        this.authority = authority;
        this.policy = policy;
        this.clock = clock;
        this.random = random;
        this.count = count;
    }

    /** What came of a request. */
    public sealed interface Outcome {
        /**
         * Done.
         *
         * @param leaf  the certificate
         * @param roots what its peers must believe
         */
        record Issued(X509Certificate leaf, List<X509Certificate> roots) implements Outcome {
            public Issued {
                roots = List.copyOf(roots);
            }
        }

        record Refused(String message) implements Outcome {}
    }

    /**
     * A certificate for a key of the caller's own.
     *
     * @param asked lifetime; zero asks for the usual one
     */
    public Outcome sign(Caller caller, CertificateRequest request, Duration asked) {
        Issuance.Moment moment = new Issuance.Moment(clock.instant(), Certificates.serial(random));
        Outcome outcome = switch (Issuance.decide(caller, request, asked, policy, moment)) {
            case Issuance.Decision.Granted granted -> signed(caller, granted);
            case Issuance.Decision.Refused refused -> {
                AUDIT.warnf("refused %s by %s: %s", caller.account(), caller.by(), refused.message());
                yield new Outcome.Refused(refused.message());
            }
        };
        count.accept(outcome);
        return outcome;
    }

    /** A key pair of the usual kind; Citadel makes it for callers that cannot, and forgets it. */
    public KeyPair keyPair() {
        return KeyForms.generate(random);
    }

    public Authority authority() {
        return authority;
    }

    public IssuancePolicy policy() {
        return policy;
    }

    /** Nothing leaves that is not what was decided. */
    private Outcome signed(Caller caller, Issuance.Decision.Granted granted) {
        X509Certificate leaf = authority.sign(granted.template(), random);
        List<String> problems = CertificateCheck.problems(leaf, authority.certificate(), granted.id(), clock.instant());
        if (!problems.isEmpty()) {
            AUDIT.errorf("withheld a certificate of %s: %s", granted.id(), problems);
            return new Outcome.Refused("the certificate is not what was decided: " + problems);
        }
        return issued(caller, leaf);
    }

    private Outcome issued(Caller caller, X509Certificate leaf) {
        AUDIT.infof(
                "issued serial=%s identity=%s caller=\"%s\" notBefore=%s notAfter=%s",
                Certificates.serialOf(leaf),
                String.join(",", Certificates.uris(leaf)),
                caller.by(),
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant());
        return new Outcome.Issued(leaf, List.of(authority.certificate()));
    }
}
