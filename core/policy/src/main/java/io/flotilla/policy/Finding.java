package io.flotilla.policy;

import io.flotilla.config.model.Clause;
import java.util.Optional;

/**
 * One step of a decision.
 *
 * @param what in words
 * @param by   what decided; empty where nothing but the mesh's defaults did
 */
public record Finding(Stage stage, Effect effect, String what, Optional<Clause> by) {
    /** In the order in which an attempt meets them. */
    public enum Stage {
        /** Whether plaintext or mesh TLS is accepted. */
        MTLS,
        /** Whether the path is one at all. */
        PATH,
        /** Whether the peer's certificate was taken back. */
        REVOCATION,
        /** Tokens of end users. */
        TOKEN,
        /** Authorizers outside. */
        CUSTOM,
        DENY,
        ALLOW,
        AUDIT
    }

    /** What a step does. */
    public enum Effect {
        PASSED,
        /** The end: nothing after it is asked. */
        REFUSED,
        /** Somebody outside is asked, who may refuse. */
        ASKED,
        /** It changes nothing: an audit, a dry run. */
        NOTED
    }
}
