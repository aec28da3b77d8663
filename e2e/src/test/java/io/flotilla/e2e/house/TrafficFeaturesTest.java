package io.flotilla.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages of features name tests that exist, and those that traffic's says compare with the simulator do so. */
class TrafficFeaturesTest {
    // What asks the simulator first, or is made of that in the same file.
    private static final Pattern COMPARES = Pattern.compile(
            "\\b(checked|checkedEntry|checkedReceipt|checkedAnnounced|told|toldAtEdge|toldToPod|answering|answersWith|instances|failsOver|failing|sticks"
                    + "|agrees|failures|answered)\\(");

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
                } else if (line.endsWith("| agrees |")
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
}
