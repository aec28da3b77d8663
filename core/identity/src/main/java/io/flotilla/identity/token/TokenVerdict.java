package io.flotilla.identity.token;

/** A token that proves an identity, or why it does not. */
public sealed interface TokenVerdict {
    record Valid(ServiceAccountToken token) implements TokenVerdict {}

    record Invalid(Reason reason, String message) implements TokenVerdict {}

    /** Why a token proves nothing. */
    enum Reason {
        MALFORMED,
        ALGORITHM_NOT_ALLOWED,
        UNKNOWN_KEY,
        BAD_SIGNATURE,
        WRONG_ISSUER,
        WRONG_AUDIENCE,
        EXPIRED,
        NOT_YET_VALID,
        /** Its claims do not name one service account. */
        NO_SERVICE_ACCOUNT
    }
}
