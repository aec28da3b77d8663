package io.flotilla.config.expression;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whole numbers as Go writes them: decimal, 0x hexadecimal, and octal after a 0. */
final class Integers {
    private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,40}");
    private static final Pattern HEXADECIMAL = Pattern.compile("0[xX][0-9a-fA-F]{1,40}");
    private static final Pattern OCTAL = Pattern.compile("0[0-7]{1,40}");

    private Integers() {}

    static Optional<BigInteger> parse(String text) {
        if (DECIMAL.matcher(text).matches()) {
            return Optional.of(new BigInteger(text));
        }
        if (HEXADECIMAL.matcher(text).matches()) {
            return Optional.of(new BigInteger(text.substring(2), 16));
        }
        return OCTAL.matcher(text).matches() ? Optional.of(new BigInteger(text, 8)) : Optional.empty();
    }
}
