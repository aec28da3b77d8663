package io.flotilla.service.caller;

import io.flotilla.identity.token.Jwks;

/** The public keys of an issuer of tokens. */
public interface KeySource {
    /**
     * The keys to verify a token by.
     *
     * @param key the one that the token names; an unknown one may make the source look again
     */
    Answer keys(String key);

    /** Keys, or why there are none that may be believed. */
    sealed interface Answer {
        record Keys(Jwks keys) implements Answer {}

        record Away(String message) implements Answer {}
    }
}
