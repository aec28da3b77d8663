package io.flotilla.cli;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One thing that was looked at before an installation.
 *
 * @param about   what was looked at, in a word or two
 * @param message what was found, and what to do where that is not good
 */
record Checked(Verdict verdict, String about, String message) {
    /** Whether the mesh can be here. */
    enum Verdict {
        OK,
        /** It can, with less. */
        WARNING,
        /** It cannot. */
        ERROR
    }

    static Checked ok(String about, String message) {
        return new Checked(Verdict.OK, about, message);
    }

    static Checked warning(String about, String message) {
        return new Checked(Verdict.WARNING, about, message);
    }

    static Checked error(String about, String message) {
        return new Checked(Verdict.ERROR, about, message);
    }

    /** For people. */
    String line() {
        return verdict.name().toLowerCase(Locale.ROOT) + ": " + about + ": " + message;
    }

    /** For programs; fields are only ever added. */
    Map<String, String> json() {
        return new TreeMap<>(
                Map.of("verdict", verdict.name().toLowerCase(Locale.ROOT), "about", about, "message", message));
    }
}
