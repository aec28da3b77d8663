package io.flotilla.citadel.sign;

import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.limit.IssueLimits;
import io.flotilla.identity.revocation.RevocationSet;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Who is let through to the signer: nobody whose identity is revoked, and not too many at once. */
public final class Gate {
    private final Supplier<RevocationSet> revoked;
    private final IssueLimits limits;

    public Gate(Supplier<RevocationSet> revoked, IssueLimits limits) {
        this.revoked = revoked;
        this.limits = limits;
    }

    /** Why not; empty where nothing stands in the way. */
    Optional<Signer.Outcome> stops(SpiffeId id, boolean urgent, Instant now) {
        Optional<Signer.Outcome> forbidden = revoked.get().forbids(id, now).map(Signer.Outcome.Refused::new);
        return forbidden.or(() -> limited(id, urgent, now));
    }

    private synchronized Optional<Signer.Outcome> limited(SpiffeId id, boolean urgent, Instant now) {
        return limits.take(id, urgent, now).map(Signer.Outcome.Limited::new);
    }
}
