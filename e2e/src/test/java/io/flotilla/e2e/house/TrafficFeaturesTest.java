package io.flotilla.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages of features name tests that exist, and those that traffic's says compare with the simulator do so. */
class TrafficFeaturesTest {
    // What asks the simulator first, or is made of that in the same file.
    private static final Pattern COMPARES = Pattern.compile(
            "\\b(checked|checkedEntry|checkedReceipt|checkedAnnounced|told|toldAtEdge|toldToPod|answering|answersWith|instances|failsOver|failing|sticks"
                    + "|agrees|failures|answered)\\(");

    private static final Pattern EXPLAINED = Pattern.compile("^`Explained\\w+Test\\.");
    private static final Pattern COUNTED = Pattern.compile("(\\d+), `Explained\\w+Test\\.\\w+`");
    private static final Predicate<String> COMPARED =
            Pattern.compile("\\b(agree|requests|same)\\(").asPredicate();
    private static final int OF_EACH = 10;
    private static final int AT_LEAST = 200;

    @ParameterizedTest
    @CsvSource({"docs/traffic-features.md, 80", "docs/identity.md, 70", "docs/serving.md, 30"})
    void everyFeatureHasATestThatShowsIt(String page, int fewest) throws IOException {
        NamedTests tests = new NamedTests();
        List<String> wrong = new ArrayList<>();
        List<String> rows = NamedTests.rows(page, "Feature");
        for (String line : rows) {
            List<NamedTests.Named> named = tests.in(line);
            for (NamedTests.Named each : named) {
                if (each.body().isEmpty()) {
                    wrong.add("no such test: " + each.text());
                } else if (line.contains("| agrees |")
                        && !EXPLAINED.matcher(each.text()).find()
                        && !COMPARES.matcher(each.body().get()).find()) {
                    wrong.add("does not ask the simulator: " + each.text());
                }
            }
            if (named.isEmpty()) {
                wrong.add("no test: " + line);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(rows).hasSizeGreaterThan(fewest);
    }

    /** The last column of traffic's page: "20, `TEST`", ten at least, or "none: REASON". */
    @Test
    void everyFeatureIsExplainedToo() throws IOException {
        NamedTests tests = new NamedTests();
        List<String> wrong = new ArrayList<>();
        int explained = 0;
        for (String line : NamedTests.rows("docs/traffic-features.md", "Feature")) {
            String last = line.substring(line.lastIndexOf("| ", line.length() - 2) + 2, line.length() - 2);
            Matcher counted = COUNTED.matcher(last);
            List<NamedTests.Named> named = tests.in(last);
            if (counted.matches()) {
                int count = Integer.parseInt(counted.group(1));
                explained += count;
                boolean shown = named.size() == 1
                        && named.getFirst().body().filter(COMPARED).isPresent();
                if (count < OF_EACH || count % OF_EACH != 0 || !shown) {
                    wrong.add(line);
                }
            } else if (!last.matches("none: \\S.+") || !named.isEmpty()) {
                wrong.add(line);
            }
        }
        assertThat(wrong)
                .as("no number with a test that explains, and no reason")
                .isEmpty();
        assertThat(explained).isGreaterThanOrEqualTo(AT_LEAST);
    }
}
