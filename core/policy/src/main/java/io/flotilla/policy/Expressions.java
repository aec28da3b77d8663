package io.flotilla.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Regular expressions of policies, read as Envoy reads them. */
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
