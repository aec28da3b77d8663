package io.flotilla.identity;

/** Text of a stranger, made fit for messages and logs. */
public final class Shown {
    private static final int MOST = 64;

    private Shown() {}

    /** At most 64 characters, printable ASCII; others are shown as "?". */
    public static String of(String text) {
        String cut = text.length() > MOST ? text.substring(0, MOST) + "..." : text;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
