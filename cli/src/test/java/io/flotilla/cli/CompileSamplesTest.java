package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.store.MeshFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * {@code flotilla compile} on every file of the samples of Istio 1.1, for a proxy of a pod in it; where there is none,
 * on top of bookinfo. The samples are no part of this repository: FLOTILLA_SHARED names the folder that has them.
 */
class CompileSamplesTest {
    private static final String DOMAIN = "default.svc.cluster.local";

    @TestFactory
    Stream<DynamicTest> compilesEveryFile() throws IOException {
        Path samples = samples();
        assumeTrue(Files.isDirectory(samples), "no samples of Istio 1.1 here: set FLOTILLA_SHARED");
        Path bookinfo = samples.resolve("bookinfo/platform/kube/bookinfo.yaml");
        List<Path> files;
        try (Stream<Path> all = Files.walk(samples)) {
            files = all.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(100);
        return files.stream()
                .map(file ->
                        DynamicTest.dynamicTest(samples.relativize(file).toString(), () -> compiles(file, bookinfo)));
    }

    private static void compiles(Path file, Path bookinfo) throws IOException {
        List<Path> together = pod(List.of(file)).isPresent() ? List.of(file) : List.of(bookinfo, file);
        Config<?> pod = pod(together).orElseThrow();
        List<String> line = new ArrayList<>(List.of("compile", "--proxy"));
        line.add("sidecar~10.44.0.9~" + pod.name() + "." + pod.namespace() + "~" + DOMAIN);
        together.forEach(each -> line.addAll(List.of("-f", each.toString())));
        CommandRun run = CommandRun.of(line.toArray(String[]::new));
        assertThat(run.exit()).as(run.err()).isZero();
        JsonNode resources = new ObjectMapper().readTree(run.out());
        List<String> clusters = resources.path("clusters").findValuesAsText("name");
        assertThat(resources.path("listeners").findValuesAsText("name")).contains("virtualInbound");
        objects(together).stream()
                .filter(object -> object.key().kind().equals(Kind.SERVICE))
                .forEach(service -> assertThat(clusters)
                        .as(service.key().toString())
                        .anyMatch(cluster -> cluster.endsWith(
                                "||" + service.name() + "." + service.namespace() + ".svc.cluster.local")));
    }

    private static Optional<Config<?>> pod(List<Path> files) throws IOException {
        return mesh(files).expanded().stream()
                .filter(object -> object.key().kind().equals(Kind.POD))
                .findFirst();
    }

    private static List<Config<?>> objects(List<Path> files) throws IOException {
        return mesh(files).objects();
    }

    private static MeshFolder mesh(List<Path> files) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (Path file : files) {
            texts.put(file.toString(), Files.readString(file));
        }
        return MeshFolder.read(texts);
    }

    private static Path samples() {
        String shared = System.getenv("FLOTILLA_SHARED");
        Path root = Path.of(System.getProperty("flotilla.root"));
        return (shared == null ? root.resolveSibling("shared") : Path.of(shared)).resolve("data/istio-1.1-samples");
    }
}
