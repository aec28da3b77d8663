package io.flotilla.envoy.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Its hunks are those of "diff -u". */
class UnifiedDiffTest {
    private static List<String> diff(String before, String after) {
        return UnifiedDiff.of(before.lines().toList(), after.lines().toList(), String::equals);
    }

    @Test
    void whatIsTheSameHasNoHunks() {
        assertThat(diff("a\nb", "a\nb")).isEmpty();
        assertThat(diff("", "")).isEmpty();
    }

    @Test
    void aChangeHasThreeLinesAroundIt() {
        assertThat(diff("a\nb\nc\nd\ne\nf\ng\nh\ni", "a\nb\nc\nd\nE\nf\ng\nh\ni"))
                .containsExactly("@@ -2,7 +2,7 @@", " b", " c", " d", "-e", "+E", " f", " g", " h");
    }

    @Test
    void changesThatAreNearShareAHunkAndOthersHaveTheirOwn() {
        String lines = String.join(
                "\n", IntStream.rangeClosed(1, 20).mapToObj(String::valueOf).toList());

        // Six lines between them are three behind the one and three before the other.
        assertThat(diff(lines, lines.replace("\n2\n", "\n").replace("\n9\n", "\n9\nnew\n")))
                .filteredOn(line -> line.startsWith("@@"))
                .hasSize(2)
                .first()
                .isEqualTo("@@ -1,5 +1,4 @@");
        assertThat(diff(lines, lines.replace("\n2\n", "\n").replace("\n8\n", "\n8\nnew\n")))
                .filteredOn(line -> line.startsWith("@@"))
                .containsExactly("@@ -1,11 +1,11 @@");
    }

    @Test
    void ofNothingTheLineBeforeIsNamed() {
        assertThat(diff("", "a")).containsExactly("@@ -0,0 +1,1 @@", "+a");
        assertThat(diff("a\nb", "")).containsExactly("@@ -1,2 +0,0 @@", "-a", "-b");
    }

    @Test
    void asFewLinesAsCanBeAreChanged() {
        assertThat(diff("{\n a\n}\n{\n b\n}", "{\n a\n}\n{\n c\n}\n{\n b\n}"))
                .filteredOn(line -> !line.startsWith(" ") && !line.startsWith("@@"))
                .hasSize(3)
                .allMatch(line -> line.startsWith("+"));
    }

    @Test
    void whatIsTooLongIsReplacedAsAWhole() {
        List<String> before = new ArrayList<>(List.of("first"));
        List<String> after = new ArrayList<>(List.of("other"));
        for (int i = 0; i < 2_500; i++) {
            before.add("line " + i);
            after.add("line " + i);
        }
        before.add("last");
        after.add("end");

        assertThat(UnifiedDiff.of(before, after, String::equals))
                .hasSize(1 + 2 * 2_502)
                .startsWith("@@ -1,2502 +1,2502 @@", "-first")
                .endsWith("+end");
    }
}
