package io.flotilla.bookinfo.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Our manifests mean what the well-known sample's do, so that what was written for it applies unchanged. */
class WellKnownSampleTest {
    private static final Path OURS = ManifestsTest.SAMPLES.resolve("bookinfo");
    private static final Path THEIRS = shared().resolve("data/istio-1.1-samples/bookinfo");

    @TestFactory
    Stream<DynamicTest> routingMeansTheSame() throws java.io.IOException {
        assumeTrue(Files.isDirectory(THEIRS), "no sample of Istio 1.1 to compare with: set FLOTILLA_SHARED");
        List<Path> files;
        try (Stream<Path> all = Files.list(THEIRS.resolve("networking"))) {
            files = all.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
        assertThat(files).hasSize(21);
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(
                        String.valueOf(file.getFileName()),
                        () -> assertThat(meaning(
                                        OURS.resolve("networking").resolve(Objects.requireNonNull(file.getFileName()))))
                                .isEqualTo(meaning(file))));
    }

    @TestFactory
    Stream<DynamicTest> workloadsHaveTheSameNamesPortsAndLabels() {
        assumeTrue(Files.isDirectory(THEIRS), "no sample of Istio 1.1 to compare with: set FLOTILLA_SHARED");
        Map<String, Manifest> ours = byName(OURS.resolve("kube/bookinfo.yaml"));
        return byName(THEIRS.resolve("platform/kube/bookinfo.yaml")).entrySet().stream()
                .map(theirs -> DynamicTest.dynamicTest(
                        theirs.getKey(),
                        () -> assertThat(facts(Objects.requireNonNull(ours.get(theirs.getKey()), theirs.getKey())))
                                .isEqualTo(facts(theirs.getValue()))));
    }

    @TestFactory
    Stream<DynamicTest> serviceAccountsHaveTheSameNames() {
        assumeTrue(Files.isDirectory(THEIRS), "no sample of Istio 1.1 to compare with: set FLOTILLA_SHARED");
        Map<String, Manifest> ours = byName(OURS.resolve("kube/bookinfo.yaml"));
        return Manifest.of(THEIRS.resolve("platform/kube/bookinfo-add-serviceaccount.yaml")).stream()
                .filter(object -> object.kind().equals("Deployment"))
                .map(theirs -> DynamicTest.dynamicTest(
                        theirs.name(),
                        () -> assertThat(Objects.requireNonNull(ours.get("Deployment/" + theirs.name()))
                                        .at("spec", "template", "spec", "serviceAccountName"))
                                .isEqualTo(theirs.at("spec", "template", "spec", "serviceAccountName"))));
    }

    private static Map<String, Manifest> byName(Path file) {
        Map<String, Manifest> objects = new LinkedHashMap<>();
        Manifest.of(file).forEach(object -> objects.put(object.kind() + "/" + object.name(), object));
        return objects;
    }

    private static List<Object> meaning(Path file) {
        List<Object> objects = new ArrayList<>();
        Manifest.of(file).forEach(object -> objects.add(normal(object.tree())));
        return objects;
    }

    /** The same tree in a form where 100 equals 100.0. */
    private static Object normal(Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> {
                Map<String, Object> sorted = new TreeMap<>();
                map.forEach((key, value) -> sorted.put(String.valueOf(key), normal(Objects.requireNonNull(value))));
                yield sorted;
            }
            case List<?> list -> list.stream().map(WellKnownSampleTest::normal).toList();
            case Number number -> number.doubleValue();
            default -> tree;
        };
    }

    private static List<Optional<Object>> facts(Manifest object) {
        List<Optional<Object>> facts = new ArrayList<>();
        facts.add(Optional.ofNullable(object.at("metadata", "labels")));
        facts.add(Optional.ofNullable(object.at("spec", "ports")));
        facts.add(Optional.ofNullable(object.at("spec", "replicas")));
        facts.add(Optional.ofNullable(object.at("spec", "template", "metadata", "labels")));
        facts.add(Optional.ofNullable(object.at("spec", "template", "spec", "containers", 0, "name")));
        facts.add(Optional.ofNullable(object.at("spec", "template", "spec", "containers", 0, "ports")));
        return facts;
    }

    private static Path shared() {
        String told = System.getenv("FLOTILLA_SHARED");
        return told == null ? ManifestsTest.SAMPLES.resolve("../../shared").normalize() : Path.of(told);
    }
}
