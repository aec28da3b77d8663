package io.flotilla.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the house asks of its source files (CONTRIBUTING.md). */
class SourceRulesTest {
    private static final int LONGEST_FILE = 600;
    /** A key manager and a trust manager are the JDK's own terms for what they are. */
    private static final Pattern SAYS_NOTHING =
            Pattern.compile(".*(Util|Utils|Helper|Helpers|(?<!Key|Trust)Manager|Impl|Common)\\.java");

    private static final Pattern SLEEPS = Pattern.compile("Thread\\.sleep\\(|TimeUnit\\.\\w+\\.sleep\\(");

    private static final Pattern PLACE = Pattern.compile("(?m)^@Of(Meshes|Services)$");

    @Test
    void noFileIsTooLongToRead() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : SourceTree.javaFiles()) {
            long lines = Files.readAllLines(file).size();
            if (lines > LONGEST_FILE) {
                tooLong.add(SourceTree.ROOT.relativize(file) + ": " + lines + " lines");
            }
        }
        assertThat(tooLong).as("files over %s lines", LONGEST_FILE).isEmpty();
    }

    @Test
    void everyNameSaysSomething() {
        assertThat(SourceTree.javaFiles())
                .noneMatch(file ->
                        SAYS_NOTHING.matcher(file.getFileName().toString()).matches());
    }

    @Test
    void everyPackageIsNullMarked() throws IOException {
        List<Path> unmarked = new ArrayList<>();
        for (Path folder :
                SourceTree.javaFiles().stream().map(Path::getParent).distinct().toList()) {
            // A test package inherits the mark of the main package of the same name.
            Path main = Path.of(folder.toString().replace("/src/test/", "/src/main/"));
            boolean marked = saysNullMarked(folder) || saysNullMarked(main);
            if (!marked) {
                unmarked.add(SourceTree.ROOT.relativize(folder));
            }
        }
        assertThat(unmarked).as("packages without @NullMarked").isEmpty();
    }

    private static boolean saysNullMarked(Path folder) throws IOException {
        Path info = folder.resolve("package-info.java");
        return Files.exists(info) && Files.readString(info).contains("@NullMarked");
    }

    @Test
    void noTestSleeps() throws IOException {
        List<Path> sleepers = new ArrayList<>();
        for (Path file : SourceTree.javaFiles()) {
            // Eventually is where polling for a condition lives; this file names the pattern.
            boolean test = file.toString().contains("/src/test/")
                    && !file.endsWith("Eventually.java")
                    && !file.endsWith("SourceRulesTest.java");
            if (test && SLEEPS.matcher(Files.readString(file)).find()) {
                sleepers.add(SourceTree.ROOT.relativize(file));
            }
        }
        assertThat(sleepers)
                .as("tests that sleep instead of waiting for a condition")
                .isEmpty();
    }

    /** Two meshes at once would be more than the machine has. */
    @Test
    void everyEndToEndTestSaysBesideWhichItRuns() throws IOException {
        List<Path> silent = new ArrayList<>();
        for (Path file : SourceTree.javaFiles()) {
            if (file.startsWith(SourceTree.ROOT.resolve("e2e"))
                    && file.getFileName().toString().endsWith("IT.java")
                    && !PLACE.matcher(Files.readString(file)).find()) {
                silent.add(SourceTree.ROOT.relativize(file));
            }
        }
        assertThat(silent).as("tests with neither @OfMeshes nor @OfServices").isEmpty();
    }

    @Test
    void everyModuleHasAReadme() {
        assertThat(SourceTree.MODULES)
                .allSatisfy(module -> assertThat(SourceTree.ROOT.resolve(module).resolve("README.md"))
                        .isRegularFile());
    }
}
