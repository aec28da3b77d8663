package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.load.Call;
import io.flotilla.e2e.mesh.Bookinfo;
import io.flotilla.e2e.mesh.Bookinfo.Reviews;
import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.Mesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is wrong is said with file, line and field, and what was good stays in force. */
@OfMeshes
class BadConfigIT {
    private static final Duration SETTLE = Duration.ofSeconds(60);

    private static final String TO_V1 = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews, namespace: default}
            spec:
              hosts: [reviews]
              http:
              - route:
                - destination: {host: reviews, subset: v1}
                  weight: 100
            """;

    private static Mesh mesh;
    private static Call page;

    @BeforeAll
    static void startMesh() {
        mesh = Mesh.bookinfo();
        page = mesh.ingress("/productpage");
    }

    @BeforeEach
    void reset() {
        Bookinfo.reset(mesh);
        mesh.apply(TO_V1);
        Bookinfo.awaitOnly(page, Reviews.V1, SETTLE);
    }

    @Test
    void negativeWeight() {
        assertRefused(TO_V1.replace("weight: 100", "weight: -5"), ":9:", "spec.http[0].route[0].weight", "reviews");
    }

    @Test
    void unknownField() {
        assertRefused(TO_V1.replace("weight: 100", "wieght: 100"), ":9:", "wieght", "weight");
    }

    @Test
    void brokenYaml() {
        assertRefused(TO_V1.replace("hosts: [reviews]", "hosts: [reviews"), ":");
    }

    /** A file that reaches Galley past the command's own check is judged just the same. */
    @Test
    void galleyKeepsTheLastGoodVersion() throws IOException {
        Path config = Path.of(mesh.status().stateDir()).resolve("config");
        Path file = fileOf(config, "name: reviews, namespace: default");
        Path broken = file.resolveSibling(".broken");
        Files.writeString(broken, TO_V1.replace("subset: v1", "subset: v3").replace("weight: 100", "weight: -5"));
        Files.move(broken, file, StandardCopyOption.ATOMIC_MOVE);

        Eventually.holdsSlowly(SETTLE, () -> "galley reports the weight", () -> {
            Command logs = mesh.flotilla("logs", "galley");
            return logs.out().contains("spec.http[0].route[0].weight")
                    && logs.out().contains(file.getFileName() + ":9");
        });
        assertThat(Bookinfo.count(Bookinfo.ask(page, 50))).isEqualTo(Map.of(Reviews.V1, 50));
    }

    private static void assertRefused(String manifest, String... said) {
        Command applied = mesh.tryApply(manifest);

        assertThat(applied.exit()).isEqualTo(1);
        assertThat(applied.out() + applied.err()).contains(said).doesNotContain("Exception", "\tat ");
        assertThat(Bookinfo.count(Bookinfo.ask(page, 50))).isEqualTo(Map.of(Reviews.V1, 50));
    }

    private static Path fileOf(Path folder, String content) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> contains(file, content))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean contains(Path file, String content) {
        try {
            return Files.readString(file).contains(content);
        } catch (IOException e) {
            return false;
        }
    }
}
