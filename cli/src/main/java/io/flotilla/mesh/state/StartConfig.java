package io.flotilla.mesh.state;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedFile;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.yaml.PlainYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a mesh starts with: manifests and images of folders, copied into its state. */
public final class StartConfig {
    private static final String KUSTOMIZATION = "kustomization.yaml";
    private static final String IMAGES = "images.yaml";

    private StartConfig() {}

    /** The manifests that a file or a folder stands for: a kustomization's resources, or all that is there. */
    public static List<Path> manifests(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            return List.of(source);
        }
        Path kustomization = source.resolve(KUSTOMIZATION);
        if (Files.exists(kustomization)) {
            List<Path> files = new ArrayList<>();
            for (String resource : resources(kustomization)) {
                files.addAll(manifests(source.resolve(resource)));
            }
            return files;
        }
        try (Stream<Path> below = Files.walk(source)) {
            return below.filter(Files::isRegularFile)
                    .filter(StartConfig::isManifest)
                    .sorted()
                    .toList();
        }
    }

    private static List<String> resources(Path kustomization) throws IOException {
        Object tree = PlainYaml.read(Files.readString(kustomization));
        return tree instanceof Map<?, ?> map && map.get("resources") instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static boolean isManifest(Path file) {
        String name = file.getFileName().toString();
        boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
        return yaml && !name.startsWith(".") && !name.equals(IMAGES) && !name.equals(KUSTOMIZATION);
    }

    /** Copies manifests into a mesh's configuration; what is wrong with them comes back, and those objects stay out. */
    public static List<Diagnostic> copy(List<Path> sources, ConfigFolder into, boolean classic) throws IOException {
        List<Diagnostic> problems = new ArrayList<>();
        ReadOptions options = new ReadOptions("default", classic);
        for (Path source : sources) {
            for (Path file : manifests(source)) {
                String text = Files.readString(file);
                ParsedFile parsed = new ObjectReader(options).read(file.toString(), text);
                parsed.allProblems().stream()
                        .filter(problem -> problem.severity() != Severity.INFO)
                        .forEach(problems::add);
                for (ObjectText object : ObjectText.of(file.toString(), text, options)) {
                    if (object.object().valid()) {
                        into.put(object);
                    }
                }
            }
        }
        return problems;
    }

    /** Every images.yaml beside the sources, then those of the samples, as one text. */
    public static String images(List<Path> sources, Path samples) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path source : sources) {
            Path absolute = source.toAbsolutePath();
            files.add(Files.isDirectory(source) ? absolute.resolve(IMAGES) : absolute.resolveSibling(IMAGES));
        }
        if (Files.isDirectory(samples)) {
            try (Stream<Path> folders = Files.list(samples)) {
                folders.sorted().forEach(folder -> files.add(folder.resolve(IMAGES)));
            }
        }
        StringBuilder all = new StringBuilder();
        for (Path file : files.stream().distinct().filter(Files::exists).toList()) {
            all.append("---\n").append(Files.readString(file)).append('\n');
        }
        return all.toString();
    }
}
