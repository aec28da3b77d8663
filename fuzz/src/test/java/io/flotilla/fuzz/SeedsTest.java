package io.flotilla.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the fuzzer begins with, and what it once found, does not break the targets. */
class SeedsTest {
    @TestFactory
    Stream<DynamicTest> noSeedBreaksItsTarget() {
        return Targets.all().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> all(entry.getValue())));
    }

    private static void all(Targets.Target target) throws IOException {
        List<Path> seeds = Fuzz.seeds(target);
        assertThat(seeds).isNotEmpty();
        for (Path seed : seeds) {
            target.call().accept(Files.readAllBytes(seed));
        }
    }
}
