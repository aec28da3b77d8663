package io.flotilla.citadel.sign;

import io.flotilla.citadel.backend.Backend;
import io.flotilla.identity.KeyKind;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.CertificateCheck;
import io.flotilla.identity.authority.SerialSource;
import io.flotilla.identity.authority.Trust;
import io.flotilla.identity.csr.CertificateRequest;
import io.flotilla.identity.csr.CsrBuilder;
import io.flotilla.identity.issue.Caller;
import io.flotilla.identity.issue.Issuance;
import io.flotilla.identity.issue.IssuancePolicy;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Carries out what {@link Issuance} decides, by a backend, and tells the journal of each certificate. */
public final class Signer {
    private final Backend backend;
    private final IssuancePolicy policy;
    private final KeyKind keyKind;
    private final Sources sources;
    private final Gate gate;
    private final Journal journal;

    /** The clock, chance, and where serial numbers come from. */
    public record Sources(Clock clock, SecureRandom random, SerialSource serials) {}

    /**
     * Signs by this backend and policy.
     *
     * @param keyKind of the keys that are made for callers that cannot
     * @param watch   who is let through, and who is told
     */
    public Signer(Backend backend, IssuancePolicy policy, KeyKind keyKind, Sources sources, Watch watch) {
        this.backend = backend;
        this.policy = policy;
        this.keyKind = keyKind;
        this.sources = sources;
        this.gate = watch.gate();
        this.journal = watch.journal();
    }

    /** Who is let through, and who is told each outcome. */
    public record Watch(Gate gate, Journal journal) {}

    /** What came of a request. */
    public sealed interface Outcome {
        /** Why there is no certificate; empty where there is one. */
        default String problem() {
            return switch (this) {
                case Issued issued -> "";
                case Refused refused -> refused.message();
                case Unclaimed used -> used.message();
                case Limited limited -> limited.message();
                case Unavailable away -> away.message();
            };
        }

        /**
         * Done.
         *
         * @param leaf          the certificate
         * @param intermediates what is shown beside it, without the root
         * @param roots         what its peers must believe
         */
        record Issued(X509Certificate leaf, List<X509Certificate> intermediates, List<X509Certificate> roots)
                implements Outcome {
            public Issued {
                intermediates = List.copyOf(intermediates);
                roots = List.copyOf(roots);
            }

            /** What is shown in a handshake: leaf first, without the root. */
            public List<X509Certificate> chain() {
                return Stream.concat(Stream.of(leaf), intermediates.stream()).toList();
            }
        }

        /** By policy: asking again will not help. */
        record Refused(String message) implements Outcome {}

        /** The caller's credential was good once, and that was before. */
        record Unclaimed(String message) implements Outcome {}

        /** Too many requests; later ones may succeed. */
        record Limited(String message) implements Outcome {}

        /** Not now. */
        record Unavailable(String message) implements Outcome {}
    }

    /**
     * What a caller asks for.
     *
     * @param request its key, proved
     * @param pem     the request as it came
     * @param asked   lifetime; zero asks for the usual one
     * @param claim   takes a credential that is good once; false where it was taken before
     * @param urgent  the caller's certificate is about to end
     */
    public record Wish(CertificateRequest request, String pem, Duration asked, BooleanSupplier claim, boolean urgent) {}

    /** A certificate for a key of the caller's own. */
    public Outcome sign(Caller caller, Wish wish) {
        return decide(caller, wish, () -> asIs(caller, wish.request(), wish.pem()));
    }

    /**
     * A certificate for a key that was made here.
     *
     * @param renewal its holder has one that is about to end
     */
    public Outcome sign(Caller caller, KeyPair pair, boolean renewal) {
        List<String> uris = List.of(id(caller).uri());
        List<String> dnsNames = policy.serverNames().of(caller.account());
        return decide(
                caller,
                new Wish(new CertificateRequest(pair.getPublic()), "", Duration.ZERO, () -> true, renewal),
                () -> new Backend.Csr.Good(CsrBuilder.build(pair, uris, dnsNames, sources.random())));
    }

    /** A key pair of the usual kind; Citadel makes it for callers that cannot, and forgets it. */
    public KeyPair keyPair() {
        return keyKind.generate(sources.random());
    }

    public Trust trust() {
        return backend.trust();
    }

    public IssuancePolicy policy() {
        return policy;
    }

    public SpiffeId id(Caller caller) {
        return new SpiffeId(policy.trustDomain(), caller.account());
    }

    private Outcome decide(Caller caller, Wish wish, Supplier<Backend.Csr> csr) {
        Issuance.Moment moment =
                new Issuance.Moment(sources.clock().instant(), sources.serials().next());
        IssuancePolicy now = policy.endingAt(backend.trust().notAfter());
        Outcome outcome = switch (Issuance.decide(caller, wish.request(), wish.asked(), now, moment)) {
            case Issuance.Decision.Granted granted ->
                gate.stops(granted.id(), wish.urgent(), moment.now())
                        .orElseGet(() -> claimed(caller, wish, granted, csr));
            case Issuance.Decision.Refused refused -> new Outcome.Refused(refused.message());
        };
        journal.outcome(caller, id(caller), outcome);
        return outcome;
    }

    private Outcome claimed(Caller caller, Wish wish, Issuance.Decision.Granted granted, Supplier<Backend.Csr> csr) {
        return wish.claim().getAsBoolean()
                ? signed(granted, csr)
                : new Outcome.Unclaimed("the credential of " + caller.by() + " was used before");
    }

    private Outcome signed(Issuance.Decision.Granted granted, Supplier<Backend.Csr> csr) {
        return switch (backend.sign(new Backend.Order(granted.template(), csr))) {
            case Backend.Answer.Signed signed -> checked(granted, signed);
            case Backend.Answer.Denied denied -> new Outcome.Refused(denied.message());
            case Backend.Answer.Unavailable away -> new Outcome.Unavailable(away.message());
        };
    }

    /** Nothing leaves that is not what was decided. */
    private Outcome checked(Issuance.Decision.Granted granted, Backend.Answer.Signed signed) {
        Instant now = sources.clock().instant();
        List<String> problems = backend.signsHere()
                ? CertificateCheck.problemsOfOurs(signed.leaf(), signed.issuer(), granted.template(), now)
                : CertificateCheck.problems(signed.leaf(), signed.issuer(), granted.template(), now);
        return problems.isEmpty()
                ? new Outcome.Issued(
                        signed.leaf(), signed.intermediates(), backend.trust().roots())
                : new Outcome.Refused("the certificate is not what was decided, and was withheld: " + problems);
    }

    /** Other signers take the names from the request: it must ask for exactly those that were decided. */
    private Backend.Csr asIs(Caller caller, CertificateRequest request, String pem) {
        List<String> uris = List.of(id(caller).uri());
        List<String> dnsNames = policy.serverNames().of(caller.account());
        boolean same = request.asked().uris().equals(uris)
                && request.asked().dnsNames().stream()
                        .sorted()
                        .toList()
                        .equals(dnsNames.stream().sorted().toList());
        return same
                ? new Backend.Csr.Good(pem)
                : new Backend.Csr.Unfit(backend.describe() + " takes the names from the request: it must ask for "
                        + uris + (dnsNames.isEmpty() ? "" : " and " + dnsNames));
    }
}
