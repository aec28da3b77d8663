package io.flotilla.policy;

import io.flotilla.config.model.Clause;
import io.flotilla.config.snapshot.MtlsDecision;
import io.flotilla.policy.Attempt.Caller;
import io.flotilla.policy.Attempt.Request;
import io.flotilla.policy.Finding.Effect;
import io.flotilla.policy.Finding.Stage;
import io.flotilla.policy.Verdict.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what the mesh would decide, by what its objects say and not by what proxies are told. It is one function:
 *
 * <pre>{@code
 * Verdict verdict = Decider.decide(Protection.of(mesh, workload, port), Attempt.request(caller, request));
 * }</pre>
 */
public final class Decider {
    private static final int BAD_REQUEST = 400;

    private final Protection protection;
    private final Attempt attempt;
    private final List<Finding> findings = new ArrayList<>();

    private Decider(Protection protection, Attempt attempt) {
        this.protection = protection;
        this.attempt = attempt;
    }

    /** The verdict; a request to a port that takes connections only is seen as a connection. */
    public static Verdict decide(Protection protection, Attempt attempt) {
        return new Decider(protection, attempt).decide();
    }

    private Verdict decide() {
        Optional<String> identity = identity();
        if (identity.isEmpty()) {
            return refused(0);
        }
        Optional<Request> request =
                attempt.request().filter(any -> protection.port().protocol().isHttp() || protection.isUndecided());
        if (request.isPresent() && request.get().path().indexOf('#') >= 0) {
            add(Stage.PATH, Effect.REFUSED, "a path has no fragment: the proxy refuses it", Optional.empty());
            return refused(BAD_REQUEST);
        }
        Optional<Finding> revoked = new RevokedCallers(protection.revocations()).of(identity.get(), attempt.caller());
        if (revoked.isPresent()) {
            findings.add(revoked.get());
            return refused(request.isPresent() ? AccessCheck.FORBIDDEN : 0);
        }
        Facts facts = Facts.of(attempt, request, identity.get(), protection);
        TokenCheck.Result tokens = TokenCheck.of(protection, facts);
        findings.addAll(tokens.findings());
        if (tokens.status() != TokenCheck.GOOD) {
            return refused(tokens.status());
        }
        AccessCheck.Result access = new AccessCheck(protection, facts.with(tokens)).decide();
        findings.addAll(access.findings());
        return switch (access.answer()) {
            case DENIED -> refused(request.isPresent() ? AccessCheck.FORBIDDEN : 0);
            case ALLOWED, DEPENDS -> new Verdict(access.answer(), 0, findings);
        };
    }

    /** Who the peer is as the port sees it, empty text for nobody; nothing where it is refused for that. */
    private Optional<String> identity() {
        Caller caller = attempt.caller();
        if (protection.port().mtls().isEmpty()) {
            return Optional.of(caller.identity());
        }
        MtlsDecision mtls = protection.port().mtls().get();
        Optional<Clause> by = mtls.by();
        boolean shown = !caller.identity().isEmpty();
        switch (mtls.mode()) {
            case STRICT -> {
                if (!shown) {
                    add(
                            Stage.MTLS,
                            Effect.REFUSED,
                            "STRICT: a caller without a certificate of the mesh is refused",
                            by);
                    return Optional.empty();
                }
                add(Stage.MTLS, Effect.PASSED, "STRICT: mesh TLS, the caller is " + caller.identity(), by);
            }
            case PERMISSIVE -> {
                // Nobody offers mesh TLS to a port that no service has.
                shown &= protection.port().declared();
                add(
                        Stage.MTLS,
                        Effect.PASSED,
                        shown
                                ? "PERMISSIVE: mesh TLS, the caller is " + caller.identity()
                                : "PERMISSIVE: plaintext, nobody knows who calls",
                        by);
            }
            case DISABLE -> {
                shown = false;
                add(Stage.MTLS, Effect.PASSED, "DISABLE: plaintext, nobody knows who calls", by);
            }
        }
        return Optional.of(shown ? caller.identity() : "");
    }

    private void add(Stage stage, Effect effect, String what, Optional<Clause> by) {
        findings.add(new Finding(stage, effect, what, by));
    }

    private Verdict refused(int status) {
        return new Verdict(Answer.DENIED, status, findings);
    }
}
