package io.flotilla.bookinfo.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manifests beside the code agree with each other and with the code. */
class ManifestsTest {
    static final Path SAMPLES =
            Path.of(Objects.requireNonNull(System.getProperty("flotilla.root"), "flotilla.root"), "samples");
    private static final Path BOOKINFO = SAMPLES.resolve("bookinfo");
    private static final Set<String> ROLES = Set.of(
            "productpage",
            "details",
            "reviews",
            "ratings",
            "guestbook-ui",
            "guestbook-service",
            "helloworld-service",
            "mysql",
            "redis",
            "helloworld",
            "echo",
            "tcp-greeter",
            "tcp-echo",
            "sleep");

    @Test
    void everyImageHasACommandOfARoleThatExists() throws IOException {
        List<?> images = (List<?>) Objects.requireNonNull(
                Manifest.of(BOOKINFO.resolve("images.yaml")).getFirst().at("images"));
        assertThat(images).allSatisfy(image -> {
            List<?> command = (List<?>) Objects.requireNonNull(((Map<?, ?>) image).get("command"));
            assertThat(ROLES).contains(String.valueOf(command.getLast()));
        });
        List<Predicate<String>> patterns = images.stream()
                .map(image -> String.valueOf(((Map<?, ?>) image).get("image")))
                .map(ManifestsTest::glob)
                .toList();

        assertThat(objects("Deployment"))
                .isNotEmpty()
                .allSatisfy(deployment -> assertThat(patterns)
                        .anyMatch(pattern -> pattern.test(
                                String.valueOf(deployment.at("spec", "template", "spec", "containers", 0, "image")))));
    }

    @Test
    void everyServiceSelectsPodsThatListenOnItsPort() throws IOException {
        List<Manifest> deployments = objects("Deployment");
        assertThat(objects("Service")).isNotEmpty().allSatisfy(service -> {
            Map<?, ?> selector = (Map<?, ?>) Objects.requireNonNull(service.at("spec", "selector"));
            assertThat(deployments).anyMatch(deployment -> {
                Map<?, ?> labels =
                        (Map<?, ?>) Objects.requireNonNull(deployment.at("spec", "template", "metadata", "labels"));
                return labels.entrySet().containsAll(selector.entrySet());
            });
        });
    }

    @Test
    void everyServiceAccountThatAPodNamesIsThere() throws IOException {
        Set<String> accounts =
                objects("ServiceAccount").stream().map(Manifest::name).collect(Collectors.toSet());

        assertThat(objects("Deployment"))
                .allSatisfy(deployment -> assertThat(accounts)
                        .contains(String.valueOf(deployment.at("spec", "template", "spec", "serviceAccountName"))));
    }

    @Test
    void everySubsetThatARouteNamesIsDefined() throws IOException {
        Set<String> defined = Manifest.of(BOOKINFO.resolve("networking/destination-rule-all.yaml")).stream()
                .flatMap(rule -> ((List<?>) Objects.requireNonNull(rule.at("spec", "subsets")))
                        .stream().map(subset -> rule.at("spec", "host") + "/" + ((Map<?, ?>) subset).get("name")))
                .collect(Collectors.toSet());

        assertThat(objects("VirtualService").stream()
                        .flatMap(service -> destinations(service.tree()))
                        .collect(Collectors.toSet()))
                .isNotEmpty()
                .isSubsetOf(defined);
    }

    @Test
    void whatIsAppliedFirstIsThere() {
        List<?> resources = (List<?>) Objects.requireNonNull(
                Manifest.of(BOOKINFO.resolve("kustomization.yaml")).getFirst().at("resources"));

        assertThat(resources).isNotEmpty().allMatch(file -> Files.exists(BOOKINFO.resolve(String.valueOf(file))));
    }

    /** HOST/SUBSET of every destination below that names a subset. */
    private static Stream<String> destinations(Object tree) {
        return switch (tree) {
            case Map<?, ?> map when map.get("subset") != null -> Stream.of(map.get("host") + "/" + map.get("subset"));
            case Map<?, ?> map -> map.values().stream().flatMap(ManifestsTest::destinations);
            case List<?> list -> list.stream().flatMap(ManifestsTest::destinations);
            default -> Stream.empty();
        };
    }

    private static List<Manifest> objects(String kind) throws IOException {
        try (Stream<Path> files = Files.walk(SAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".yaml")
                            && !file.toString().contains("/target/"))
                    .sorted()
                    .flatMap(file -> Manifest.of(file).stream())
                    .filter(object -> object.kind().equals(kind))
                    .toList();
        }
    }

    private static Predicate<String> glob(String pattern) {
        return Stream.of(pattern.split("\\*", -1))
                .map(java.util.regex.Pattern::quote)
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(".*"),
                        regex -> java.util.regex.Pattern.compile(regex).asMatchPredicate()));
    }
}
