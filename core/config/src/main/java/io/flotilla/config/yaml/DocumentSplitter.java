package io.flotilla.config.yaml;

import java.util.ArrayList;
import java.util.List;

/** Cuts a stream into documents at the lines that separate them. */
final class DocumentSplitter {
    private DocumentSplitter() {}

    /**
     * One document's text.
     *
     * @param text      with its separator line, if it had one
     * @param firstLine of the text in the file, from 1
     */
    record Part(String text, int firstLine) {}

    static List<Part> split(String text) {
        List<Part> parts = new ArrayList<>();
        String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
        int start = 0;
        int startLine = 1;
        int line = 1;
        int at = 0;
        while (at < body.length()) {
            int end = body.indexOf('\n', at);
            int next = end < 0 ? body.length() : end + 1;
            boolean ends = marker(body, at, "...");
            if (marker(body, at, "---") || ends) {
                add(parts, body.substring(start, at), startLine);
                start = ends ? next : at;
                startLine = ends ? line + 1 : line;
            }
            at = next;
            line++;
        }
        add(parts, body.substring(start), startLine);
        return parts;
    }

    private static boolean marker(String text, int at, String marker) {
        int after = at + marker.length();
        return text.startsWith(marker, at) && (after >= text.length() || Character.isWhitespace(text.charAt(after)));
    }

    /** Leaves out what holds only comments, directives and blank lines. */
    private static void add(List<Part> parts, String text, int firstLine) {
        boolean content = text.lines().anyMatch(line -> {
            String rest = line.startsWith("---") ? line.substring(3).strip() : line.strip();
            return !rest.isEmpty() && rest.charAt(0) != '#' && rest.charAt(0) != '%';
        });
        if (content) {
            parts.add(new Part(text, firstLine));
        }
    }
}
