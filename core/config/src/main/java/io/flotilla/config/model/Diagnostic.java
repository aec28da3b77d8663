package io.flotilla.config.model;

/**
 * A problem that was found in configuration.
 *
 * @param severity whether the object can be used in spite of it
 * @param code     stable, "FL0001"
 * @param origin   the file and line of the field itself
 * @param object   "VirtualService default/reviews", or empty where the document could not be read
 * @param path     the field, "spec.http[0].route[1].weight", or empty
 * @param message  what is wrong and what to do, lower case, no full stop
 */
public record Diagnostic(Severity severity, String code, Origin origin, String object, String path, String message) {
    private static final int MAX_TEXT = 1_000;

    /** Texts that are long for what is wrong with them are shortened in the middle. */
    public Diagnostic {
        object = shortened(object);
        path = shortened(path);
        message = shortened(message);
    }

    private static String shortened(String text) {
        return text.length() <= MAX_TEXT
                ? text
                : text.substring(0, MAX_TEXT / 2) + "..." + text.substring(text.length() - MAX_TEXT / 2);
    }

    public enum Severity {
        ERROR,
        WARNING,
        INFO
    }

    /** "FILE:LINE: error: KIND NS/NAME: FIELD.PATH: message". */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder();
        line.append(origin).append(": ").append(severity.name().toLowerCase(java.util.Locale.ROOT));
        if (!object.isEmpty()) {
            line.append(": ").append(object);
        }
        if (!path.isEmpty()) {
            line.append(": ").append(path);
        }
        return line.append(": ").append(message).toString();
    }
}
