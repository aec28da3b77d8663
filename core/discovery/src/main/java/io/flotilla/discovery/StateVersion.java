package io.flotilla.discovery;

import java.util.Optional;

/**
 * What version_info (state of the world) and system_version_info (delta) say: "GENERATION-HASH", and a trailing "+"
 * where more messages of the same type and generation follow.
 *
 * @param generation of the view that the response was made from
 * @param hash       of the type's whole set in that view, {@link ResourceSet#version}
 * @param more       whether this is not yet the last message of its type and generation
 */
public record StateVersion(Generation generation, String hash, boolean more) {
    /** The text for the wire. */
    public static String text(Generation generation, String hash, boolean more) {
        return generation + "-" + hash + (more ? "+" : "");
    }

    /** Reads the text; empty where another kind of server wrote it. */
    public static Optional<StateVersion> parse(String text) {
        boolean more = text.endsWith("+");
        String whole = more ? text.substring(0, text.length() - 1) : text;
        int dash = whole.lastIndexOf('-');
        if (dash < 0) {
            return Optional.empty();
        }
        return Generation.parse(whole.substring(0, dash))
                .map(generation -> new StateVersion(generation, whole.substring(dash + 1), more));
    }

    @Override
    public String toString() {
        return text(generation, hash, more);
    }
}
