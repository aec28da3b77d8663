package io.flotilla.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The long run: each target for a while, and the proof that the fuzzer finds what is there to be found. */
@EnabledIfSystemProperty(named = "flotilla.long", matches = "true")
class FuzzIT {
    private static final int SECONDS = Integer.getInteger("flotilla.fuzz.seconds", 300);
    private static final Path FOLDER = Path.of("target/fuzz");

    @TempDir
    private Path scratch;

    @Test
    void aPlantedBugIsFound() throws IOException, InterruptedException {
        String seed = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: a}
                spec:
                  hosts: [a]
                  http:
                  - match: [{uri: {prefix: /a}}]
                    retries: {attempts: 1, perTryTimeout: 1s}
                    route: [{destination: {host: a}}]
                """;
        Path file = Files.writeString(scratch.resolve("seed.yaml"), seed);
        Fuzz.Outcome outcome = Fuzz.run(PlantedBug.class, List.of(file), scratch.resolve("run"), SECONDS);
        assertThat(outcome.findings()).isNotEmpty();
        assertThat(Files.readString(outcome.log(), StandardCharsets.ISO_8859_1))
                .contains("IllegalStateException: planted");
    }

    @TestFactory
    Stream<DynamicTest> nothingBreaksATarget() {
        return Targets.all().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Targets.Target target = entry.getValue();
                    Path folder = FOLDER.resolve(entry.getKey());
                    assertThat(Fuzz.run(target.type(), Fuzz.seeds(target), folder, SECONDS)
                                    .findings())
                            .isEmpty();
                }));
    }
}
