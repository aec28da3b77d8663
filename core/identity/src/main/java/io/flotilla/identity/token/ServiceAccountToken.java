package io.flotilla.identity.token;

import io.flotilla.identity.ServiceAccount;
import java.time.Instant;
import java.util.Optional;

/**
 * What a verified token says.
 *
 * @param account   whose token it is
 * @param bound     to what it is bound
 * @param issuedAt  when it was made
 * @param expiresAt from this moment on it proves nothing (a leeway aside)
 * @param id        its "jti", empty where it has none
 */
public record ServiceAccountToken(ServiceAccount account, Bound bound, Instant issuedAt, Instant expiresAt, String id) {
    /** The pod that it is bound to, where it is. */
    public Optional<Pod> pod() {
        return bound.pod();
    }

    /** The pod that a token is bound to. The UID is what makes it this pod and not the next of the same name. */
    public record Pod(String name, String uid) {}

    /**
     * The objects with which a token ends.
     *
     * @param accountUid of the service account, empty where the token does not say
     * @param pod        where it is a pod's
     */
    public record Bound(String accountUid, Optional<Pod> pod) {
        public static final Bound NOTHING = new Bound("", Optional.empty());
    }
}
