package io.flotilla.telemetry.record;

/** Texts that callers control, cut so that a record stays small. */
final class Texts {
    private static final int MOST = 512;

    private Texts() {}

    static String cut(String text) {
        if (text.length() <= MOST) {
            return text;
        }
        // Not in the middle of a surrogate pair: half of one is no text.
        return text.substring(0, Character.isHighSurrogate(text.charAt(MOST - 1)) ? MOST - 1 : MOST);
    }
}
