package io.flotilla.e2e.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The checkout that is under test. */
final class SourceTree {
    static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("flotilla.root"), "flotilla.root"));

    /** Modules with Java of ours, by their folder. */
    static final List<String> MODULES = modules();

    private SourceTree() {}

    static List<Path> javaFiles() {
        return MODULES.stream()
                .map(module -> ROOT.resolve(module).resolve("src"))
                .filter(Files::isDirectory)
                .flatMap(SourceTree::walk)
                .filter(file -> file.toString().endsWith(".java"))
                .toList();
    }

    static List<Path> classFolders() {
        return MODULES.stream()
                .map(module -> ROOT.resolve(module).resolve("target/classes"))
                .filter(Files::isDirectory)
                .toList();
    }

    private static Stream<Path> walk(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> modules() {
        try (Stream<String> lines = Files.lines(ROOT.resolve("pom.xml"))) {
            return lines.map(String::trim)
                    .filter(line -> line.startsWith("<module>"))
                    .map(line -> line.replaceAll("</?module>", ""))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
