package io.flotilla.mesh.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImagesTest {
    private static final Images IMAGES = Images.read(Map.of(
            "images",
            List.of(
                    Map.of("image", "*reviews-v1*", "command", List.of("${JAVA}", "-jar", "${FLOTILLA_HOME}/a.jar")),
                    Map.of("image", "*reviews*", "command", List.of("any"), "env", Map.of("STARS", "red")))));
    private static final Map<String, String> VARIABLES = Map.of("JAVA", "/jdk/bin/java", "FLOTILLA_HOME", "/home/f");

    @Test
    void theFirstPatternThatMatchesCounts() {
        assertThat(IMAGES.find("docker.example/x/reviews-v1:1.0", VARIABLES))
                .hasValueSatisfying(
                        entry -> assertThat(entry.command()).containsExactly("/jdk/bin/java", "-jar", "/home/f/a.jar"));
        assertThat(IMAGES.find("reviews:2", VARIABLES))
                .hasValueSatisfying(entry -> assertThat(entry.environment()).containsEntry("STARS", "red"));
    }

    @Test
    void thePatternIsOfTheWholeName() {
        assertThat(new Images(List.of(new Images.Entry("reviews", List.of("x"), Map.of())))
                        .find("reviews:1", VARIABLES))
                .isEmpty();
    }

    @Test
    void aDotIsADot() {
        assertThat(new Images(List.of(new Images.Entry("a.b", List.of("x"), Map.of()))).find("axb", VARIABLES))
                .isEmpty();
    }
}
