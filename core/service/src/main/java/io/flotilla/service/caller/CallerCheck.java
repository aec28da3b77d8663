package io.flotilla.service.caller;

import java.util.List;
import java.util.Optional;

/**
 * Who calls. The kinds of credentials are tried in order and the first that proves somebody counts; where none does,
 * the first that could not say makes it "try again", and else the first refusal is told.
 */
public final class CallerCheck {
    private final List<Proof> proofs;

    public CallerCheck(List<Proof> proofs) {
        this.proofs = List.copyOf(proofs);
    }

    public Verdict check(Credentials credentials) {
        Optional<Verdict> told = Optional.empty();
        for (Proof proof : proofs) {
            Optional<Verdict> verdict = proof.check(credentials);
            if (verdict.isPresent() && verdict.get() instanceof Verdict.Proven) {
                return verdict.get();
            }
            boolean weightier = verdict.isPresent() && verdict.get() instanceof Verdict.Unavailable;
            told = weightier && !(told.orElse(null) instanceof Verdict.Unavailable) ? verdict : told.or(() -> verdict);
        }
        return told.orElseGet(() ->
                new Verdict.Unproven("credentials are needed: a bearer token, or a client certificate of this mesh"));
    }
}
