package io.flotilla.config.authorization;

/**
 * How policies write texts: "x" is that text, "x*" what begins so, "*x" what ends so, "*" anything that is there. A
 * star elsewhere, and every other character, stands for itself.
 */
public sealed interface TextPattern {
    record Exact(String text) implements TextPattern {}

    record Prefix(String text) implements TextPattern {}

    record Suffix(String text) implements TextPattern {}

    /** Present and not empty. */
    record Any() implements TextPattern {}

    static TextPattern parse(String pattern) {
        if (pattern.equals("*")) {
            return new Any();
        }
        if (pattern.endsWith("*")) {
            return new Prefix(pattern.substring(0, pattern.length() - 1));
        }
        return pattern.startsWith("*") ? new Suffix(pattern.substring(1)) : new Exact(pattern);
    }

    default boolean matches(String text) {
        return switch (this) {
            case Exact(String exact) -> text.equals(exact);
            case Prefix(String prefix) -> text.startsWith(prefix);
            case Suffix(String suffix) -> text.endsWith(suffix);
            case Any any -> !text.isEmpty();
        };
    }
}
