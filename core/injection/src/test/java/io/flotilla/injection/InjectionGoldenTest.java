package io.flotilla.injection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Folders of {@code pod.yaml} and what comes of it: {@code patch.json}, or {@code answer.txt} where there is no patch. */
class InjectionGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/injection");
    private static final boolean UPDATE = "true".equals(System.getProperty("golden.update"));
    private static final PodContext CONTEXT = new PodContext("default", "", Map.of("istio-injection", "enabled"));

    @TestFactory
    Stream<DynamicTest> pods() throws IOException {
        try (Stream<Path> cases = Files.list(GOLDEN)) {
            return cases.sorted().toList().stream()
                    .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder)));
        }
    }

    private static void check(Path folder) throws IOException {
        Map<String, Object> pod = read(Files.readString(folder.resolve("pod.yaml")));
        Injection injection = new SidecarInjector(settings(folder)).inject(pod, CONTEXT);
        switch (injection) {
            case Injection.Injected injected -> {
                compare(folder.resolve("patch.json"), lines(injected.patch()));
                assertThat(new SidecarInjector(settings(folder)).inject(injected.pod(), CONTEXT))
                        .isInstanceOf(Injection.Skipped.class);
            }
            case Injection.Skipped skipped ->
                compare(folder.resolve("answer.txt"), "skipped: " + skipped.reason() + "\n");
            case Injection.Refused refused ->
                compare(
                        folder.resolve("answer.txt"),
                        "refused: " + String.join("\nrefused: ", refused.problems()) + "\n");
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("files of " + folder).hasSize(2);
        }
    }

    private static InjectionSettings settings(Path folder) {
        return switch (folder.getFileName().toString()) {
            case "mark-of-an-ordinary-user" -> InjectionSettings.defaults().withOwnTraffic(new OwnTraffic.Mark(1337));
            case "without-namespaces" -> InjectionSettings.defaults().withoutCapture();
            default -> InjectionSettings.defaults();
        };
    }

    private static void compare(Path expected, String actual) throws IOException {
        if (UPDATE) {
            Files.writeString(expected, actual);
        }
        assertThat(actual).isEqualTo(Files.exists(expected) ? Files.readString(expected) : "no file " + expected);
    }

    // One operation a line; the script, the same everywhere, only by its name.
    private static String lines(List<JsonPatch.Operation> patch) {
        return patch.stream()
                .map(operation -> JsonText.write(operation.tree()))
                .map(line -> line.replace(JsonText.write(InitScript.TEXT), "\"<istio-init.sh>\""))
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
    }

    private static Map<String, Object> read(String yaml) {
        return Tree.asObject(new Load(LoadSettings.builder().build()).loadFromString(yaml), "pod");
    }
}
