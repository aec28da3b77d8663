package io.flotilla.service.caller;

import io.flotilla.identity.token.ServiceAccountToken;

/** Whether the objects that a token is bound to are still there: a token ends with its pod. */
public interface BoundObjects {
    /** Believes the token alone: its pod is not looked for. */
    BoundObjects UNCHECKED = token -> new Presence.Here();

    Presence presence(ServiceAccountToken token);

    /** Whether they are there. */
    sealed interface Presence {
        record Here() implements Presence {}

        /** One is not, or has another UID. */
        record Gone(String message) implements Presence {}

        /** Nobody can say now. */
        record Unknown(String message) implements Presence {}
    }
}
