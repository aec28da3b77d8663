package io.flotilla.discovery;

import java.util.Optional;

/**
 * What version_info (state of the world) and system_version_info (delta) say: "GENERATION-HASH", and a trailing "+"
 * where more messages of the same type and generation follow, or "=" where all types of the stream are at the generation
 * with this message.
 *
 * @param generation of the view that the response was made from
 * @param hash       of the type's whole set in that view, {@link ResourceSet#version}
 * @param more       whether this is not yet the last message of its type and generation
 * @param commits    whether everything that the stream has asked for is as of this generation once this is taken
 */
public record StateVersion(Generation generation, String hash, boolean more, boolean commits) {
    private static final String MORE = "+";
    private static final String COMMITS = "=";

    /** Of a message that says nothing of other types. */
    public StateVersion(Generation generation, String hash, boolean more) {
        this(generation, hash, more, false);
    }

    /** The text of one that says nothing of other types. */
    public static String text(Generation generation, String hash, boolean more) {
        return new StateVersion(generation, hash, more).toString();
    }

    /** Reads the text; empty where another kind of server wrote it. */
    public static Optional<StateVersion> parse(String text) {
        boolean more = text.endsWith(MORE);
        boolean commits = text.endsWith(COMMITS);
        String whole = more || commits ? text.substring(0, text.length() - 1) : text;
        int dash = whole.lastIndexOf('-');
        if (dash < 0) {
            return Optional.empty();
        }
        return Generation.parse(whole.substring(0, dash))
                .map(generation -> new StateVersion(generation, whole.substring(dash + 1), more, commits));
    }

    /** The text for the wire. */
    @Override
    public String toString() {
        return generation + "-" + hash + (more ? MORE : "") + (commits ? COMMITS : "");
    }
}
