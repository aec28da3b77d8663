package io.flotilla.config.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.store.MeshFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The samples as users apply them: the application, its subsets, and one file of the walk-through after the other. */
class SamplesAnalysisTest {
    private static final Path SAMPLES = Path.of(System.getProperty("flotilla.root"), "samples");

    /** Routes to versions and services that another step of their own page deploys: without it, they are errors. */
    private static final Map<String, String> NEEDS_MORE = Map.of(
            "certmanager-gateway.yaml", "FA0101",
            "virtual-service-details-v2.yaml", "FA0221",
            "virtual-service-ratings-db.yaml", "FA0221",
            "virtual-service-ratings-mysql.yaml", "FA0221",
            "virtual-service-ratings-mysql-vm.yaml", "FA0221");

    @TestFactory
    Stream<DynamicTest> noErrorInWhatUsersAreToldToApply() throws IOException {
        List<Path> steps;
        try (Stream<Path> files = Files.list(SAMPLES.resolve("bookinfo/networking"))) {
            steps = files.sorted().toList();
        }
        Stream<DynamicTest> bookinfo = steps.stream()
                .map(step -> DynamicTest.dynamicTest(
                        "bookinfo with " + step.getFileName(),
                        () -> check(
                                SAMPLES.resolve("bookinfo/kube"),
                                step.getFileName().toString().startsWith("destination-rule")
                                        ? SAMPLES.resolve("bookinfo/networking/bookinfo-gateway.yaml")
                                        : SAMPLES.resolve("bookinfo/networking/destination-rule-all.yaml"),
                                step)));
        Stream<DynamicTest> helloworld =
                Stream.of(DynamicTest.dynamicTest("helloworld", () -> check(SAMPLES.resolve("helloworld"))));
        return Stream.concat(bookinfo, helloworld);
    }

    private static void check(Path... folders) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
                    texts.put(SAMPLES.relativize(file).toString(), Files.readString(file));
                }
            }
        }
        List<Diagnostic> found = Analyzer.analyze(AnalysisInput.folder(MeshFolder.read(texts), texts));

        if (Boolean.getBoolean("analysis.print")) {
            found.forEach(System.out::println);
        }
        String needsMore = NEEDS_MORE.getOrDefault(String.valueOf(folders[folders.length - 1].getFileName()), "");
        assertThat(found)
                .filteredOn(finding -> finding.severity() == Severity.ERROR)
                .extracting(Diagnostic::code)
                .isEqualTo(needsMore.isEmpty() ? List.of() : List.of(needsMore));
    }
}
