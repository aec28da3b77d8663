package io.flotilla.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/security-classes.md names tests that exist, for every class. */
class SecurityClassesTest {
    private static final Path ROOT = Path.of(System.getProperty("flotilla.root"));
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:Test|IT))(?:\\.(\\w+))?`");
    private static final Pattern REASON = Pattern.compile("Cannot apply: |Not shown: ");
    private static final Pattern NUMBER = Pattern.compile("^\\| f(\\d+): ");
    private static final int FAULTS = 50;

    private static List<Path> tests() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 14)) {
            return files.filter(file -> file.toString().contains("/src/test/java/")
                            && file.getFileName().toString().endsWith(".java"))
                    .toList();
        }
    }

    @Test
    void everyClassHasATestOrTheReasonWhyItCannot() throws IOException {
        List<Path> tests = tests();
        List<String> wrong = new ArrayList<>();
        int rows = 0;
        for (String line : Files.readAllLines(ROOT.resolve("docs/security-classes.md"))) {
            if (!line.startsWith("| ") || line.startsWith("| ---") || line.startsWith("| Class")) {
                continue;
            }
            rows++;
            Matcher named = NAMED.matcher(line);
            boolean any = REASON.matcher(line).find();
            while (named.find()) {
                any = true;
                if (!exists(tests, named.group(1), named.group(2))) {
                    wrong.add("no such test: " + named.group());
                }
            }
            if (!any) {
                wrong.add("neither test nor reason: " + line);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(rows).isGreaterThan(40);
    }

    @Test
    void everyFaultOfTheListHasItsRow() throws IOException {
        List<Integer> numbers = Files.readAllLines(ROOT.resolve("docs/security-classes.md")).stream()
                .map(NUMBER::matcher)
                .filter(Matcher::find)
                .map(row -> Integer.parseInt(row.group(1)))
                .toList();
        assertThat(numbers)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, FAULTS).boxed().toList());
    }

    private static boolean exists(List<Path> tests, String type, @org.jspecify.annotations.Nullable String method)
            throws IOException {
        for (Path file : tests) {
            if (file.getFileName().toString().equals(type + ".java")) {
                return method == null || Files.readString(file).contains(" void " + method + "(");
            }
        }
        return false;
    }
}
