package io.flotilla.config.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.store.MeshFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A folder per code: hit.yaml has it, near.yaml is nearly the same and has it not. What else is found in them is in the
 * files beside them, which {@code -Dgolden.update=true} writes anew.
 */
class AnalysisGoldenTest {
    private static final boolean UPDATE = Boolean.parseBoolean(System.getProperty("golden.update"));
    private static final Path ROOT =
            Path.of(System.getProperty("flotilla.root"), "core/config/src/test/resources/golden/analysis");

    @TestFactory
    Stream<DynamicTest> findsWhatIsWrongAndNotWhatIsNearlyWrong() throws IOException {
        return folders().stream()
                .map(folder -> DynamicTest.dynamicTest(
                        String.valueOf(folder.getFileName()), folder.toUri(), () -> check(folder)));
    }

    @Test
    void everyCodeHasAFolderAndEveryFolderACode() throws IOException {
        List<String> folders = folders().stream()
                .map(folder -> String.valueOf(folder.getFileName()))
                .toList();
        List<String> codes = Catalogue.all().stream()
                .map(Entry::code)
                .filter(code -> !code.equals(Analyzer.LEFT_OUT.code()))
                .toList();

        assertThat(folders).containsExactlyElementsOf(codes);
    }

    private static List<Path> folders() throws IOException {
        try (Stream<Path> below = Files.list(ROOT)) {
            return below.sorted().toList();
        }
    }

    private static void check(Path folder) throws IOException {
        String code = String.valueOf(folder.getFileName());
        List<Diagnostic> hit = analyze(folder, "hit.yaml");
        List<Diagnostic> near = analyze(folder, "near.yaml");

        assertThat(hit).extracting(Diagnostic::code).contains(code);
        assertThat(near).extracting(Diagnostic::code).doesNotContain(code);
        assertThat(hit)
                .allSatisfy(finding -> assertThat(Catalogue.find(finding.code()).map(Entry::severity))
                        .contains(finding.severity()));
        compare(folder.resolve("hit.txt"), hit);
        compare(folder.resolve("near.txt"), near);
    }

    private static List<Diagnostic> analyze(Path folder, String file) throws IOException {
        Map<String, String> texts = Map.of(file, Files.readString(folder.resolve(file)));
        MeshFolder.Options defaults = MeshFolder.Options.defaults();
        MeshFolder mesh = MeshFolder.read(
                texts,
                new MeshFolder.Options(
                        ReadOptions.DEFAULT, defaults.settings(), defaults.addresses(), defaults.admission()));
        assertThat(mesh.diagnostics())
                .as("the objects alone are valid")
                .filteredOn(finding -> finding.severity() == Severity.ERROR)
                .isEmpty();
        return Analyzer.analyze(AnalysisInput.folder(mesh, texts));
    }

    private static void compare(Path expected, List<Diagnostic> found) throws IOException {
        String text = found.stream()
                .map(finding -> finding.code() + " " + finding + "\n")
                .collect(Collectors.joining());
        if (UPDATE) {
            Files.writeString(expected, text);
        }
        assertThat(text).isEqualTo(Files.readString(expected));
    }
}
