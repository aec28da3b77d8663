package io.flotilla.service.caller;

import io.flotilla.identity.issue.Caller;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** What a call's credentials prove. */
public sealed interface Verdict {
    /**
     * They prove this caller.
     *
     * @param until the credentials' own end
     * @param claim takes a credential that is good once; false where it was taken before. Called when nothing else
     *              stands in the way of a certificate
     */
    record Proven(Caller caller, Instant until, BooleanSupplier claim) implements Verdict {
        /** By credentials that are good as often as one likes. */
        public Proven(Caller caller, Instant until) {
            this(caller, until, () -> true);
        }
    }

    record Unproven(String message) implements Verdict {}

    /** Nobody can say now: keys or an API server are away. */
    record Unavailable(String message) implements Verdict {}
}
