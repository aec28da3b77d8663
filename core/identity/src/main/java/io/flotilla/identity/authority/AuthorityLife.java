package io.flotilla.identity.authority;

import java.time.Duration;

/** How loudly to say that what signs will end. */
public final class AuthorityLife {
    /** From here on new certificates would hardly live: whoever can should ask another replica. */
    public static final Duration LAST_DAY = Duration.ofDays(1);

    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration MONTH = Duration.ofDays(30);

    private AuthorityLife() {}

    /** "none", or how near the end is: "30 days", "7 days", "1 day", "over". */
    public static String alarm(Duration left) {
        if (left.isNegative() || left.isZero()) {
            return "over";
        }
        if (left.compareTo(LAST_DAY) <= 0) {
            return "1 day";
        }
        if (left.compareTo(WEEK) <= 0) {
            return "7 days";
        }
        return left.compareTo(MONTH) <= 0 ? "30 days" : "none";
    }
}
