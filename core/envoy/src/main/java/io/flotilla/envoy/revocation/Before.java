package io.flotilla.envoy.revocation;

import java.util.ArrayList;
import java.util.List;

/** A regular expression for the numbers below one: Envoy compares what filters remember by its text alone. */
final class Before {
    /** The fewest digits of a time that certificates can have here: 10, from 2001 until 2286. */
    private static final int DIGITS = 10;

    private Before() {}

    /**
     * Matches whole numbers of ten digits that are less, and those of fewer digits.
     *
     * @param seconds since 1970
     */
    static String regex(long seconds) {
        String limit = Long.toString(Math.clamp(seconds, 1_000_000_000L, 9_999_999_999L));
        List<String> ways = new ArrayList<>(List.of("[0-9]{1," + (DIGITS - 1) + "}"));
        for (int at = 0; at < DIGITS; at++) {
            char digit = limit.charAt(at);
            if (digit > '0') {
                String smaller = digit == '1' ? "0" : "[0-" + (char) (digit - 1) + "]";
                int rest = DIGITS - at - 1;
                ways.add(limit.substring(0, at) + smaller + (rest == 0 ? "" : "[0-9]{" + rest + "}"));
            }
        }
        return String.join("|", ways);
    }
}
