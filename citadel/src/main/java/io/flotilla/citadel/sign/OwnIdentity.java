package io.flotilla.citadel.sign;

import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.Trust;
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
    private String issuer = "";

    public OwnIdentity(Signer signer, SpiffeId id, Clock clock) {
        this.signer = signer;
        this.id = id;
        this.clock = clock;
    }

    @Override
    public synchronized Optional<IdentityMaterial> current() {
        Trust trust = signer.trust();
        if (!clock.instant().isBefore(renewAt) || !trust.issuer().equals(issuer)) {
            renew();
        }
        IdentityMaterial held = material;
        if (held != null && !held.roots().equals(trust.roots())) {
            material = held.believing(trust.roots());
        }
        return Optional.ofNullable(material);
    }

    private void renew() {
        KeyPair pair = signer.keyPair();
        Caller self = new Caller(id.account(), "citadel itself");
        Signer.Outcome outcome = signer.sign(self, pair, true);
        if (outcome instanceof Signer.Outcome.Issued issued) {
            Instant now = clock.instant();
            Instant end = issued.leaf().getNotAfter().toInstant();
            issuer = signer.trust().issuer();
            renewAt = now.plus(Duration.between(now, end).dividedBy(2));
            material = new IdentityMaterial(id, pair.getPrivate(), issued.chain(), issued.roots());
        }
    }
}
