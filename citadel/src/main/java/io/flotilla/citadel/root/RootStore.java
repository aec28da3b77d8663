package io.flotilla.citadel.root;

import io.flotilla.identity.KeyKind;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;

/** Where the root is kept. */
public interface RootStore {
    /**
     * The root, made if there is none. One that is there is never replaced, not even a damaged one; of several that
     * start at once, one makes it and all have it.
     *
     * @throws IOException with what is wrong and what to do
     */
    Authority loadOrCreate(NewRoot wanted, Instant now, SecureRandom random) throws IOException;

    /** What a root is made like, where there is none. */
    record NewRoot(TrustDomain domain, Duration life, KeyKind kind) {
        public Authority make(Instant now, SecureRandom random) {
            return Authority.selfSigned(domain, now, life, kind, random);
        }
    }
}
