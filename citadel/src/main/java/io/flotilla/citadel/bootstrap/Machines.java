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

    /** The longest that a token can be used; whoever asks for more is refused, not given less. */
    public static final Duration LONGEST = Duration.ofDays(7);

    /** A token and when it ends. */
    public record Made(BootstrapToken token, BootstrapToken.Grant grant) {}

    /**
     * A new token.
     *
     * @param lifetime zero for an hour
     * @throws IllegalArgumentException where it is negative or longer than {@link #LONGEST}
     */
    public Made make(ServiceAccount account, Duration lifetime) throws IOException {
        if (lifetime.isNegative() || lifetime.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("lifetime " + lifetime);
        }
        Duration life = lifetime.isZero() ? USUAL : lifetime;
        BootstrapToken token = BootstrapToken.random(random);
        BootstrapToken.Grant grant = token.grant(account, clock.instant().plus(life));
        store.put(grant);
        return new Made(token, grant);
    }
}
