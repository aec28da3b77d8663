package io.flotilla.citadel.sign;

import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.issue.Caller;

/** Is told what became of each request for a certificate. Never sees a key, and must not block. */
public interface Journal {
    void outcome(Caller caller, SpiffeId id, Signer.Outcome outcome);

    /** Tells both. */
    default Journal and(Journal other) {
        return (caller, id, outcome) -> {
            outcome(caller, id, outcome);
            other.outcome(caller, id, outcome);
        };
    }
}
