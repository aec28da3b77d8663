package io.flotilla.config.documents;

import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedFile;
import io.flotilla.config.object.ReadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folders under golden/validation. Each has files valid-*.yaml and invalid-*.yaml; beside an invalid one stands a
 * .txt with a line for each finding, "CODE FILE:LINE: error|warning: OBJECT: PATH: message". Folders with "classic" in
 * their path are judged by the rules of 1.1.
 */
final class DocumentFolder {
    static final Path ROOT =
            Path.of(System.getProperty("flotilla.root"), "core/config/src/test/resources/golden/validation");

    private DocumentFolder() {}

    /** All files, sorted. */
    static List<Path> files() {
        try (Stream<Path> walk = Files.walk(ROOT)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> files(String prefix, String suffix) {
        return files().stream()
                .filter(file -> {
                    String name = String.valueOf(file.getFileName());
                    return name.startsWith(prefix) && name.endsWith(suffix);
                })
                .toList();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ReadOptions options(Path file) {
        return new ReadOptions("default", ROOT.relativize(file).toString().contains("classic"));
    }

    static ParsedFile read(Path file) {
        return new ObjectReader(options(file)).read(String.valueOf(file.getFileName()), text(file));
    }

    /** What is found in a file, a line each, in the order of lines. */
    static String findings(Path file) {
        return read(file).allProblems().stream()
                .filter(problem -> problem.severity() != Severity.INFO)
                .map(problem -> problem.code() + " " + problem + "\n")
                .collect(Collectors.joining());
    }
}
