package io.flotilla.envoy.telemetry;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which expressions of CEL Envoy computes for a log. One that it does not would cost the proxy the whole listener, so it
 * is left out, and the proxy's problems say so.
 */
final class Expressions {
    // Strings, whose contents are no calls; then names that are called.
    private static final Pattern PARTS =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|([A-Za-z_][A-Za-z0-9_]*)\\s*\\(");
    // Tried with Envoy 1.40: conversions to string, functions of strings and loops are switched off there.
    private static final Set<String> FUNCTIONS = Set.of(
            "has",
            "size",
            "matches",
            "contains",
            "startsWith",
            "endsWith",
            "in",
            "int",
            "uint",
            "double",
            "bool",
            "type",
            "duration",
            "timestamp");
    private static final String TEXT = "string(";

    private Expressions() {}

    /** The expression as Envoy takes it; empty where it does not. */
    static Optional<String> known(String expression) {
        String bare = bare(expression.strip());
        // It ends the place in a log's format where the expression stands.
        if (bare.isBlank() || bare.contains("%")) {
            return Optional.empty();
        }
        return computed(bare) ? Optional.of(bare) : Optional.empty();
    }

    /** Whether Envoy computes it as it stands. */
    static boolean computed(String expression) {
        return PARTS.matcher(expression)
                .results()
                .filter(part -> part.group(1) != null)
                .allMatch(part -> FUNCTIONS.contains(part.group(1)));
    }

    // A log has the text of whatever comes out, so a conversion around everything says nothing.
    private static String bare(String expression) {
        if (!expression.startsWith(TEXT) || !expression.endsWith(")")) {
            return expression;
        }
        String inner = expression.substring(TEXT.length(), expression.length() - 1);
        int open = 0;
        for (int i = 0; i < inner.length(); i++) {
            open += inner.charAt(i) == '(' ? 1 : inner.charAt(i) == ')' ? -1 : 0;
            if (open < 0) {
                return expression;
            }
        }
        return inner;
    }
}
