package io.flotilla.identity.token;

import io.flotilla.identity.ServiceAccount;
import java.time.Instant;
import java.util.Optional;

/**
 * What a verified token says.
 *
 * @param account   whose token it is
 * @param pod       to which pod it is bound, where it is
 * @param issuedAt  when it was made
 * @param expiresAt from this moment on it proves nothing (a leeway aside)
 * @param id        its "jti", empty where it has none
 */
public record ServiceAccountToken(
        ServiceAccount account, Optional<Pod> pod, Instant issuedAt, Instant expiresAt, String id) {
    /** The pod that a token is bound to. The UID is what makes it this pod and not the next of the same name. */
    public record Pod(String name, String uid) {}
}
