package io.flotilla.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as people type them. */
final class Times {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})([smhd])");

    private Times() {}

    /** {@code 30s}, {@code 10m}, {@code 1h} or {@code 3d}. */
    static Duration parse(String option, String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw CommandFailure.couldNotRun(option + " \"" + text + "\" is not a time such as 30s, 10m, 1h or 3d");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
