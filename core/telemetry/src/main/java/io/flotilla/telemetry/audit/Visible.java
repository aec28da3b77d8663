package io.flotilla.telemetry.audit;

/** Texts of callers as an event has them: short, and nothing in them that changes how a terminal or a page shows the rest. */
final class Visible {
    private static final int MOST = 2_048;

    private Visible() {}

    /**
     * The text; control and format characters, line and paragraph separators and halves of pairs as {@code \}{@code uXXXX},
     * a backslash as two.
     */
    static String text(String given) {
        StringBuilder out = new StringBuilder(Math.min(given.length(), MOST));
        for (int i = 0; i < given.length() && out.length() < MOST; ) {
            int point = given.codePointAt(i);
            i += Character.charCount(point);
            if (point == '\\') {
                out.append("\\\\");
            } else if (isHidden(point)) {
                for (char half : Character.toChars(point)) {
                    out.append(String.format("\\u%04x", (int) half));
                }
            } else {
                out.appendCodePoint(point);
            }
        }
        return out.toString();
    }

    private static boolean isHidden(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> true;
            default -> false;
        };
    }
}
