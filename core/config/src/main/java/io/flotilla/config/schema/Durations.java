package io.flotilla.config.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Istio's users write them: "1.5s", and the forms of Go, "1m30s", "100ms". */
public final class Durations {
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(h|ms|us|µs|μs|ns|m|s)");
    private static final Map<String, BigDecimal> NANOS = Map.of(
            "h", new BigDecimal(3_600_000_000_000L),
            "m", new BigDecimal(60_000_000_000L),
            "s", new BigDecimal(1_000_000_000L),
            "ms", new BigDecimal(1_000_000L),
            "us", new BigDecimal(1_000L),
            "µs", new BigDecimal(1_000L),
            "μs", new BigDecimal(1_000L),
            "ns", BigDecimal.ONE);
    private static final BigInteger NANOS_OF_SECOND = BigInteger.valueOf(1_000_000_000L);
    private static final BigInteger MAX_SECONDS = BigInteger.valueOf(315_576_000_000L);
    private static final int MAX_LENGTH = 64;

    private Durations() {}

    /** Empty where the text is no duration, or one of more than 10,000 years. */
    public static Optional<com.google.protobuf.Duration> parse(String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Optional.of(com.google.protobuf.Duration.getDefaultInstance());
        }
        if (rest.isEmpty() || rest.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Matcher parts = PART.matcher(rest);
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (at < rest.length()) {
            if (!parts.find(at) || parts.start() != at) {
                return Optional.empty();
            }
            BigDecimal unit = NANOS.getOrDefault(parts.group(2), BigDecimal.ZERO);
            nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(unit));
            at = parts.end();
        }
        return ofNanos(nanos.setScale(0, RoundingMode.DOWN).toBigInteger(), negative);
    }

    private static Optional<com.google.protobuf.Duration> ofNanos(BigInteger nanos, boolean negative) {
        BigInteger[] split = nanos.divideAndRemainder(NANOS_OF_SECOND);
        if (split[0].compareTo(MAX_SECONDS) > 0) {
            return Optional.empty();
        }
        int sign = negative ? -1 : 1;
        return Optional.of(com.google.protobuf.Duration.newBuilder()
                .setSeconds(sign * split[0].longValueExact())
                .setNanos(sign * split[1].intValueExact())
                .build());
    }
}
