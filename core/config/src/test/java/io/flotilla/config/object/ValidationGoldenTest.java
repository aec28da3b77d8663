package io.flotilla.config.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Folders of manifests: a valid-*.yaml has no finding above INFO; an invalid-*.yaml has those of its .txt, and no other.
 * The folder "classic" is judged by the rules of 1.1. {@code -Dgolden.update=true} writes the .txt files anew.
 */
class ValidationGoldenTest {
    private static final boolean UPDATE = Boolean.parseBoolean(System.getProperty("golden.update"));

    @TestFactory
    Stream<DynamicTest> findsWhatIsWrongAndNothingElse() throws IOException {
        Path root = Path.of(System.getProperty("flotilla.root"), "core/config/src/test/resources/golden/validation");
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        assertThat(files).isNotEmpty();
        return files.stream()
                .map(file ->
                        DynamicTest.dynamicTest(root.relativize(file).toString(), file.toUri(), () -> check(file)));
    }

    private static void check(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".txt")) {
            assertThat(file.resolveSibling(name.replace(".txt", ".yaml"))).exists();
            return;
        }
        boolean classic = file.toString().contains("classic");
        String found = new ObjectReader(new ReadOptions("default", classic))
                .read(name, Files.readString(file)).allProblems().stream()
                        .filter(problem -> problem.severity() != Diagnostic.Severity.INFO)
                        .map(problem -> problem.code() + " " + problem + "\n")
                        .collect(Collectors.joining());
        if (name.startsWith("valid-")) {
            assertThat(found).isEmpty();
            return;
        }
        assertThat(name).startsWith("invalid-");
        Path expected = file.resolveSibling(name.replace(".yaml", ".txt"));
        if (UPDATE) {
            Files.writeString(expected, found);
        }
        assertThat(found).isNotEmpty().isEqualTo(Files.readString(expected));
    }
}
