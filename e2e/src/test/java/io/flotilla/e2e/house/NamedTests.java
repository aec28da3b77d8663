package io.flotilla.e2e.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The tests of all modules, as pages name them: `FooTest`, `FooIT.showsThis`. */
final class NamedTests {
    private static final Path ROOT = Path.of(System.getProperty("flotilla.root"));
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:Test|IT))(?:\\.(\\w+))?`");

    private final List<Path> files;

    NamedTests() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT, 14)) {
            files = all.filter(file -> file.toString().contains("/src/test/java/")
                            && file.getFileName().toString().endsWith(".java"))
                    .toList();
        }
    }

    /**
     * One name in a line.
     *
     * @param text as it stands there
     * @param body the source of the class or method; empty where there is none
     */
    record Named(String text, Optional<String> body) {}

    /** The rows of the tables of a page, without their heads. */
    static List<String> rows(String page, String head) throws IOException {
        return Files.readAllLines(ROOT.resolve(page)).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| " + head))
                .toList();
    }

    /** All that a line names. */
    List<Named> in(String line) throws IOException {
        List<Named> found = new ArrayList<>();
        Matcher named = NAMED.matcher(line);
        while (named.find()) {
            found.add(new Named(named.group(), body(named.group(1), Optional.ofNullable(named.group(2)))));
        }
        return found;
    }

    // Two modules may have classes of one name. Of a method: from its head to the next one's.
    private Optional<String> body(String type, Optional<String> method) throws IOException {
        for (Path file : files) {
            if (file.getFileName().toString().equals(type + ".java")) {
                String text = Files.readString(file);
                if (method.isEmpty()) {
                    return Optional.of(text);
                }
                int start = text.indexOf(" void " + method.get() + "(");
                int end = text.indexOf("\n    }\n", start);
                if (start >= 0 && end >= 0) {
                    return Optional.of(text.substring(start, end));
                }
            }
        }
        return Optional.empty();
    }
}
