package io.flotilla.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** docs/security-classes.md names tests that exist, for every class. */
class SecurityClassesTest {
    private static final String PAGE = "docs/security-classes.md";
    private static final Pattern REASON = Pattern.compile("Cannot apply: |Not shown: ");
    private static final Pattern NUMBER = Pattern.compile("^\\| f(\\d+): ");
    private static final int FAULTS = 50;

    @Test
    void everyClassHasATestOrTheReasonWhyItCannot() throws IOException {
        NamedTests tests = new NamedTests();
        List<String> wrong = new ArrayList<>();
        List<String> rows = NamedTests.rows(PAGE, "Class");
        for (String line : rows) {
            List<NamedTests.Named> named = tests.in(line);
            named.stream()
                    .filter(each -> each.body().isEmpty())
                    .forEach(each -> wrong.add("no such test: " + each.text()));
            if (named.isEmpty() && !REASON.matcher(line).find()) {
                wrong.add("neither test nor reason: " + line);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(rows).hasSizeGreaterThan(40);
    }

    @Test
    void everyFaultOfTheListHasItsRow() throws IOException {
        List<Integer> numbers = NamedTests.rows(PAGE, "Class").stream()
                .map(NUMBER::matcher)
                .filter(Matcher::find)
                .map(row -> Integer.parseInt(row.group(1)))
                .toList();
        assertThat(numbers)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, FAULTS).boxed().toList());
    }
}
