package io.flotilla.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The manifests that {@code -f} names. */
final class FileArguments {
    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE|DIR|-",
            description =
                    "Manifests: a file, a folder with all that is below it, or - for standard input. May be repeated.")
    private List<String> files = new ArrayList<>();

    /**
     * One file's text.
     *
     * @param name as messages show it
     */
    record Text(String name, String content) {}

    /** Files that were named without the option. */
    void add(List<String> more) {
        files.addAll(more);
    }

    boolean given() {
        return !files.isEmpty();
    }

    /** All of them, each folder's files sorted by path. */
    List<Text> read() {
        if (files.isEmpty()) {
            throw CommandFailure.couldNotRun("-f FILE|DIR|- is required");
        }
        List<Text> texts = new ArrayList<>();
        for (String file : files) {
            try {
                if (file.equals("-")) {
                    texts.add(new Text("<stdin>", new String(System.in.readAllBytes(), StandardCharsets.UTF_8)));
                } else {
                    for (Path path : manifests(Path.of(file))) {
                        texts.add(new Text(path.toString(), Files.readString(path)));
                    }
                }
            } catch (NoSuchFileException e) {
                throw CommandFailure.couldNotRun("there is no file or folder " + file);
            } catch (IOException e) {
                throw CommandFailure.couldNotRun(file + " cannot be read: " + e.getMessage());
            }
        }
        return texts;
    }

    private static List<Path> manifests(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> below = Files.walk(path)) {
            return below.filter(Files::isRegularFile)
                    .filter(FileArguments::isManifest)
                    .sorted()
                    .toList();
        }
    }

    // Only names that are manifests by convention; images.yaml and kustomization.yaml are for other tools.
    private static boolean isManifest(Path file) {
        String name = file.getFileName().toString();
        return (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"))
                && !name.equals("images.yaml")
                && !name.equals("kustomization.yaml");
    }
}
