package io.flotilla.config.analysis;

import io.flotilla.config.model.Config;
import java.util.Arrays;
import java.util.Optional;

/**
 * A finding that is known and accepted.
 *
 * @param code   of ours, of Istio or of Kiali, or "*"
 * @param object "KIND NAME.NAMESPACE", or "KIND NAME" where there is no namespace; "*" stands for any text
 */
public record Suppression(String code, String object) {
    /** The annotation on an object that names codes, separated by commas, or "*" for all. */
    public static final String ANNOTATION = "galley.istio.io/analyze-suppress";

    /** Reads "CODE=KIND NAME.NAMESPACE"; empty where it is not of that form. */
    public static Optional<Suppression> parse(String text) {
        int equals = text.indexOf('=');
        if (equals <= 0 || !text.substring(equals + 1).strip().contains(" ")) {
            return Optional.empty();
        }
        return Optional.of(new Suppression(
                text.substring(0, equals).strip(), text.substring(equals + 1).strip()));
    }

    boolean covers(Entry entry, Config<?> config) {
        String name = config.namespace().isEmpty() ? config.name() : config.name() + "." + config.namespace();
        return (code.equals("*") || entry.answersTo(code))
                && fits(object, config.key().kind().name() + " " + name);
    }

    /** Suppressed by the object's own annotation. */
    static boolean annotated(Entry entry, Config<?> config) {
        String codes = config.annotations().getOrDefault(ANNOTATION, "");
        return !codes.isEmpty()
                && Arrays.stream(codes.split(",", -1))
                        .map(String::strip)
                        .anyMatch(each -> each.equals("*") || entry.answersTo(each));
    }

    /** Whether a text fits a pattern in which "*" stands for any text. */
    private static boolean fits(String pattern, String text) {
        String[] parts = pattern.split("\\*", -1);
        if (parts.length == 1) {
            return pattern.equals(text);
        }
        if (!text.startsWith(parts[0])) {
            return false;
        }
        int at = parts[0].length();
        for (int i = 1; i < parts.length - 1; i++) {
            int found = text.indexOf(parts[i], at);
            if (found < 0) {
                return false;
            }
            at = found + parts[i].length();
        }
        String last = parts[parts.length - 1];
        return text.length() - at >= last.length() && text.endsWith(last);
    }
}
