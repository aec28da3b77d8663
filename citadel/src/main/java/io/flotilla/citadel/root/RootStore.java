package io.flotilla.citadel.root;

import io.flotilla.identity.KeyKind;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Where the root is kept, and during a rotation the next or the last one. */
public interface RootStore {
    /** Further entries of a store, beside the root: the certificate and key of the other root, and the state. */
    String OTHER_CERTIFICATE = "other-cert.pem";

    String OTHER_KEY = "other-key.pem";
    String ROTATION = "rotation";

    /**
     * The root, made if there is none. One that is there is never replaced, not even a damaged one; of several that
     * start at once, one makes it and all have it.
     *
     * @throws IOException with what is wrong and what to do
     */
    Authority loadOrCreate(NewRoot wanted, Instant now, SecureRandom random) throws IOException;

    /** The further entries, by name; those that are not there are missing. */
    Map<String, String> read() throws IOException;

    /**
     * Changes further entries: an empty text takes one away. Keys are written before the state that names them, so that
     * a start that is cut off leaves the state that was.
     */
    void write(Map<String, String> entries) throws IOException;

    /** Makes the other root the root, and forgets the one that was. */
    void promote(Authority root) throws IOException;

    /** What a root is made like, where there is none. */
    record NewRoot(TrustDomain domain, Duration life, KeyKind kind) {
        public Authority make(Instant now, SecureRandom random) {
            return Authority.selfSigned(domain, now, life, kind, random);
        }
    }
}
