package io.flotilla.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The settings of a service, as its README lists them: a table whose head is "setting" or "property" and "default". */
final class ServiceSettings {
    private ServiceSettings() {}

    /** Two lines for each row of the table: names with their defaults, and what they are. */
    static List<String> of(Path readme) throws IOException {
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(readme)) {
            boolean row = line.startsWith("|");
            if (line.startsWith("| setting") || line.startsWith("| property")) {
                inside = line.contains("| default |");
            } else if (inside && row && !line.startsWith("| ---")) {
                add(line, lines);
            }
            inside &= row;
        }
        return lines;
    }

    private static void add(String row, List<String> lines) {
        String[] cells = row.split("\\|", -1);
        String defaults = plain(cells[2]);
        String what = plain(cells[3]);
        lines.add("  " + plain(cells[1]) + (defaults.isEmpty() ? "" : " (default: " + defaults + ")"));
        if (!what.isEmpty()) {
            lines.add("      " + what);
        }
    }

    private static String plain(String markdown) {
        return markdown.replaceAll("\\[([^]]*)]\\(([^)]*)\\)", "$1 ($2)")
                .replace("`", "")
                .strip();
    }
}
