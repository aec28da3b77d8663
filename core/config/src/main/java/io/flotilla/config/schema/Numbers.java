package io.flotilla.config.schema;

import io.flotilla.config.yaml.YamlNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/** Numbers as YAML and JSON write them. */
final class Numbers {
    private static final Pattern OCTAL_DIGITS = Pattern.compile("0[0-7]+");
    private static final int HEX = 16;
    private static final int OCTAL = 8;
    /** "1e999999999" is short to write and long to add up. */
    private static final int MAX_DIGITS = 400;

    private Numbers() {}

    /** The whole number that a node stands for; quoted numbers count, fractions do not. */
    static Optional<BigInteger> whole(YamlNode node) {
        return text(node).flatMap(Numbers::decimal).flatMap(number -> {
            try {
                return Optional.of(number.toBigIntegerExact());
            } catch (ArithmeticException e) {
                return Optional.empty();
            }
        });
    }

    /** The number that a node stands for; quoted numbers count. */
    static Optional<Double> real(YamlNode node) {
        return text(node).flatMap(text -> switch (text) {
            case ".nan", ".NaN", ".NAN", "NaN" -> Optional.of(Double.NaN);
            case ".inf", ".Inf", ".INF", "+.inf", "Infinity" -> Optional.of(Double.POSITIVE_INFINITY);
            case "-.inf", "-.Inf", "-.INF", "-Infinity" -> Optional.of(Double.NEGATIVE_INFINITY);
            default -> decimal(text).map(BigDecimal::doubleValue);
        });
    }

    private static Optional<String> text(YamlNode node) {
        return switch (node) {
            case YamlNode.Numeric number -> Optional.of(number.value());
            case YamlNode.Text text -> Optional.of(text.value());
            default -> Optional.empty();
        };
    }

    private static Optional<BigDecimal> decimal(String text) {
        String plain = text.replace("_", "");
        if (plain.length() > MAX_DIGITS) {
            return Optional.empty();
        }
        try {
            if (plain.startsWith("0x")) {
                return Optional.of(new BigDecimal(new BigInteger(plain.substring(2), HEX)));
            }
            if (plain.startsWith("0o")) {
                return Optional.of(new BigDecimal(new BigInteger(plain.substring(2), OCTAL)));
            }
            if (plain.length() > 1
                    && plain.charAt(0) == '0'
                    && OCTAL_DIGITS.matcher(plain).matches()) {
                return Optional.of(new BigDecimal(new BigInteger(plain, OCTAL)));
            }
            BigDecimal number = new BigDecimal(plain);
            return Math.abs((long) number.scale()) > MAX_DIGITS ? Optional.empty() : Optional.of(number);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
