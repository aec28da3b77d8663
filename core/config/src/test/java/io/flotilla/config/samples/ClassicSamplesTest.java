package io.flotilla.config.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedFile;
import io.flotilla.config.object.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every file of the samples of Istio 1.1 is accepted as it is: nothing in it is an error or an unknown kind, and what is
 * deprecated says by what it is replaced. The samples are no part of this repository: FLOTILLA_SHARED names the folder
 * that has them as data/istio-1.1-samples.
 */
class ClassicSamplesTest {
    @TestFactory
    Stream<DynamicTest> acceptsEveryFileUnmodified() throws IOException {
        Path samples = samples();
        assumeTrue(Files.isDirectory(samples), "no samples of Istio 1.1 here: set FLOTILLA_SHARED");
        List<Path> files;
        try (Stream<Path> all = Files.walk(samples)) {
            files = all.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(100);
        return files.stream()
                .flatMap(file -> Stream.of(true, false)
                        .map(classic -> DynamicTest.dynamicTest(
                                samples.relativize(file) + (classic ? " by the rules of 1.1" : ""),
                                () -> accepts(file, classic))));
    }

    private static void accepts(Path file, boolean classic) throws IOException {
        String text = Files.readString(file);
        ParsedFile parsed = new ObjectReader(new ReadOptions("default", classic))
                .read(Objects.requireNonNull(file.getFileName()).toString(), text);
        List<Diagnostic> findings = parsed.allProblems();
        assertThat(findings).noneMatch(finding -> finding.severity() == Severity.ERROR);
        assertThat(findings).extracting(Diagnostic::code).doesNotContain("FL0003", "FL0008", "FL0412");
        if (!classic) {
            namesReplacementsOfVersions(text, findings);
        }
        namesReplacementsOfShorthand(text, findings);
    }

    private static void namesReplacementsOfVersions(String text, List<Diagnostic> findings) {
        for (String old : List.of("extensions/v1beta1", "apps/v1beta1", "certmanager.k8s.io/v1alpha1")) {
            long objects = text.lines()
                    .filter(line -> line.equals("apiVersion: " + old))
                    .count();
            assertThat(findings)
                    .filteredOn(finding -> finding.severity() == Severity.WARNING
                            && finding.message().contains("\"" + old + "\"")
                            && finding.message().contains("use \""))
                    .as(old)
                    .hasSize((int) objects);
        }
    }

    private static void namesReplacementsOfShorthand(String text, List<Diagnostic> findings) {
        for (String shorthand :
                List.of("metric", "logentry", "denier", "quota", "memquota", "listchecker", "fluentd")) {
            long objects = text.lines()
                    .filter(line -> line.equals("kind: " + shorthand))
                    .count();
            assertThat(findings)
                    .filteredOn(finding -> finding.object().startsWith(shorthand + " ")
                            && finding.message().contains("is deprecated; write \"kind: "))
                    .as(shorthand)
                    .hasSize((int) objects);
        }
    }

    private static Path samples() {
        String shared = System.getenv("FLOTILLA_SHARED");
        Path root = Path.of(System.getProperty("flotilla.root"));
        return (shared == null ? root.resolveSibling("shared") : Path.of(shared)).resolve("data/istio-1.1-samples");
    }
}
