package io.flotilla.config.gatewayapi;

/** Why a rule is not all that it was meant to be. */
sealed interface Issue {
    /** A reference that leads nowhere: its share is answered with an error. */
    record Reference(String reason, String message) implements Issue {}

    /** Something that cannot be expressed: the rule is left out. */
    record Unsupported(String rule, String message) implements Issue {}
}
