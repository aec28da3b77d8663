package io.flotilla.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/traffic-features.md names tests that exist, and those that it says compare with the simulator do so. */
class TrafficFeaturesTest {
    private static final Path ROOT = Path.of(System.getProperty("flotilla.root"));
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+Test)(?:\\.(\\w+))?`");
    // What asks the simulator first, or is made of that in the same file.
    private static final Pattern COMPARES = Pattern.compile(
            "\\b(checked|checkedEntry|told|toldAtEdge|answering|instances|failsOver|failing|sticks)\\(");

    @Test
    void everyFeatureHasATestThatShowsIt() throws IOException {
        List<Path> tests = tests();
        List<String> wrong = new ArrayList<>();
        int rows = 0;
        for (String line : Files.readAllLines(ROOT.resolve("docs/traffic-features.md"))) {
            if (!line.startsWith("| ") || line.startsWith("| ---") || line.startsWith("| Feature")) {
                continue;
            }
            rows++;
            Matcher named = NAMED.matcher(line);
            boolean any = false;
            while (named.find()) {
                any = true;
                Optional<String> body = body(tests, named.group(1), Optional.ofNullable(named.group(2)));
                if (body.isEmpty()) {
                    wrong.add("no such test: " + named.group());
                } else if (line.endsWith("| agrees |")
                        && !COMPARES.matcher(body.get()).find()) {
                    wrong.add("does not ask the simulator: " + named.group());
                }
            }
            if (!any) {
                wrong.add("no test: " + line);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(rows).isGreaterThan(80);
    }

    private static List<Path> tests() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 14)) {
            return files.filter(file -> file.toString().contains("/src/test/java/")
                            && file.getFileName().toString().endsWith(".java"))
                    .toList();
        }
    }

    // Of a method: from its head to the next one's.
    private static Optional<String> body(List<Path> tests, String type, Optional<String> method) throws IOException {
        for (Path file : tests) {
            if (file.getFileName().toString().equals(type + ".java")) {
                String text = Files.readString(file);
                if (method.isEmpty()) {
                    return Optional.of(text);
                }
                int start = text.indexOf(" void " + method.get() + "(");
                int end = text.indexOf("\n    }\n", start);
                return start < 0 || end < 0 ? Optional.empty() : Optional.of(text.substring(start, end));
            }
        }
        return Optional.empty();
    }
}
