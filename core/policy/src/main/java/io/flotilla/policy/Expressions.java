package io.flotilla.policy;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions of policies, which are RE2's; those that Java reads otherwise are few. */
final class Expressions {
    private Expressions() {}

    /** The whole text; an expression that nobody can read matches nothing. */
    static boolean matches(String regex, String text) {
        try {
            return Pattern.matches(regex, text);
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
