package io.flotilla.cli;

import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.MtlsDecision;
import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.policy.Attempt;
import io.flotilla.policy.Attempt.Caller;
import io.flotilla.policy.ClientTls;
import io.flotilla.policy.Decider;
import io.flotilla.policy.Finding;
import io.flotilla.policy.Finding.Effect;
import io.flotilla.policy.Finding.Stage;
import io.flotilla.policy.Protection;
import io.flotilla.policy.Verdict;
import io.flotilla.policy.Verdict.Answer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One attempt at one workload: by which TLS the caller comes, and what its policies say. */
record Trial(Reached target, Verdict verdict) {
    /**
     * Decides it.
     *
     * @param remoteIp the original client; empty for the caller's own address
     * @param request  empty for a connection
     */
    static Trial of(MeshSnapshot mesh, Who who, Reached target, String remoteIp, Optional<Attempt.Request> request) {
        Protection protection = protection(mesh, target);
        if (!target.sidecar() && protection.port().mtls().isPresent()) {
            return new Trial(
                    target,
                    new Verdict(
                            Answer.ALLOWED,
                            0,
                            List.of(new Finding(
                                    Stage.MTLS,
                                    Effect.PASSED,
                                    "no proxy stands before this workload: nothing is enforced",
                                    Optional.empty()))));
        }
        Optional<ClientTls> client = who.namespace().isEmpty()
                ? Optional.empty()
                : target.through()
                        .map(through -> ClientTls.of(
                                mesh,
                                through.service(),
                                through.port(),
                                through.subset(),
                                who.namespace(),
                                who.labels()));
        MtlsMode server = protection.port().mtls().map(MtlsDecision::mode).orElse(MtlsMode.PERMISSIVE);
        boolean shown = client.map(tls -> tls.shows(server)).orElse(true);
        Attempt attempt = new Attempt(
                new Caller(shown ? who.identity() : "", "", Optional.empty(), who.address(), remoteIp),
                new Attempt.Target(target.address(), ""),
                request);
        Verdict verdict = Decider.decide(protection, attempt);
        boolean hidden = !shown && !who.identity().isEmpty();
        return new Trial(
                target,
                client.filter(each -> hidden).map(tls -> told(tls, verdict)).orElse(verdict));
    }

    private static Verdict told(ClientTls tls, Verdict verdict) {
        Finding plain = new Finding(
                Stage.MTLS,
                Effect.NOTED,
                tls.by().isPresent() ? "the caller shows no certificate of the mesh" : "the caller comes in plaintext",
                tls.by());
        return new Verdict(
                verdict.answer(),
                verdict.status(),
                Stream.concat(Stream.of(plain), verdict.findings().stream()).toList());
    }

    /** Of an edge, what its Gateways and its own workload say together. */
    static Protection protection(MeshSnapshot mesh, Reached target) {
        Guarded guarded = target.guarded();
        List<ObjectKey> gateways =
                mesh.gateways(guarded.labels()).stream().map(Config::key).toList();
        return gateways.isEmpty()
                ? Protection.of(mesh, guarded, target.port())
                : Protection.edge(mesh, guarded, target.port(), gateways);
    }
}
