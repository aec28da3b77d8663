package io.flotilla.citadel.bootstrap;

import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.bootstrap.BootstrapToken;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/** Makes one-time tokens. */
public record Machines(GrantStore store, Clock clock, SecureRandom random) {
    private static final Duration USUAL = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(7);

    /** A token and when it ends. */
    public record Made(BootstrapToken token, BootstrapToken.Grant grant) {}

    /**
     * A new token.
     *
     * @param lifetime zero for an hour; never longer than a week
     */
    public Made make(ServiceAccount account, Duration lifetime) throws IOException {
        Duration life = lifetime.isPositive() ? lifetime : USUAL;
        BootstrapToken token = BootstrapToken.random(random);
        BootstrapToken.Grant grant =
                token.grant(account, clock.instant().plus(life.compareTo(LONGEST) > 0 ? LONGEST : life));
        store.put(grant);
        return new Made(token, grant);
    }
}
