package io.flotilla.envoy.route;

import com.google.re2j.Pattern;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.Locale;

/** Envoy's comparisons of texts. */
public final class TextMatching {
    private TextMatching() {}

    /** Whether a text is what Envoy would take for it; of a regex, all of the text. */
    public static boolean matches(StringMatcher matcher, String value) {
        boolean fold = matcher.getIgnoreCase();
        String given = fold ? value.toLowerCase(Locale.ROOT) : value;
        return switch (matcher.getMatchPatternCase()) {
            case EXACT -> given.equals(fold ? matcher.getExact().toLowerCase(Locale.ROOT) : matcher.getExact());
            case PREFIX -> given.startsWith(fold ? matcher.getPrefix().toLowerCase(Locale.ROOT) : matcher.getPrefix());
            case SUFFIX -> given.endsWith(fold ? matcher.getSuffix().toLowerCase(Locale.ROOT) : matcher.getSuffix());
            case CONTAINS ->
                given.contains(fold ? matcher.getContains().toLowerCase(Locale.ROOT) : matcher.getContains());
            case SAFE_REGEX -> Pattern.matches(matcher.getSafeRegex().getRegex(), value);
            default -> throw new IllegalArgumentException("no translation makes " + matcher.getMatchPatternCase());
        };
    }
}
