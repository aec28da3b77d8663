package io.flotilla.citadel.sign;

import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.issue.Caller;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.IdentityMaterial;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Citadel's own server certificate: issued by itself, renewed when half of its life is over. */
public final class OwnIdentity implements CurrentIdentity {
    private final Signer signer;
    private final SpiffeId id;
    private final Clock clock;
    private @Nullable IdentityMaterial material;
    private Instant renewAt = Instant.MIN;

    public OwnIdentity(Signer signer, SpiffeId id, Clock clock) {
        this.signer = signer;
        this.id = id;
        this.clock = clock;
    }

    @Override
    public synchronized Optional<IdentityMaterial> current() {
        if (!clock.instant().isBefore(renewAt)) {
            renew();
        }
        return Optional.ofNullable(material);
    }

    private void renew() {
        KeyPair pair = signer.keyPair();
        Caller self = new Caller(id.account(), "citadel itself");
        Signer.Outcome outcome = signer.sign(self, pair);
        if (outcome instanceof Signer.Outcome.Issued issued) {
            Instant now = clock.instant();
            Instant end = issued.leaf().getNotAfter().toInstant();
            renewAt = now.plus(Duration.between(now, end).dividedBy(2));
            material = new IdentityMaterial(id, pair.getPrivate(), issued.chain(), issued.roots());
        }
    }
}
