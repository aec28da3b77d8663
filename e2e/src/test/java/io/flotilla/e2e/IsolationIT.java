package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flotilla.e2e.load.Answer;
import io.flotilla.e2e.load.Call;
import io.flotilla.e2e.mesh.Bookinfo;
import io.flotilla.e2e.mesh.Bookinfo.Reviews;
import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Mesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mesh also runs for those who may do less. On meshes of its own. */
class IsolationIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int NOBODY_SPECIAL = 12_345;

    @Test
    void withoutNamespaces() {
        Mesh mesh = Mesh.named("isolation-" + ProcessHandle.current().pid());
        try {
            mesh.up("--no-netns").orFail();
            servesAndRoutes(mesh);
        } finally {
            mesh.down();
        }
    }

    /** Where this is no root, the whole suite runs as an ordinary user. */
    @Test
    void asAnOrdinaryUser(@TempDir Path home) throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "not root");
        assumeTrue(asUser("unshare", "-Urn", "true").exit() == 0, "users may not make namespaces on this machine");
        assumeTrue(
                asUser("test", "-r", Mesh.ROOT.resolve("flotilla").toString()).exit() == 0,
                "other users cannot read this checkout");
        Files.copy(Path.of(System.getenv("FLOTILLA_ENVOY")), home.resolve("envoy"));
        as(List.of("chown", "-R", NOBODY_SPECIAL + ":" + NOBODY_SPECIAL, home.toString()))
                .orFail();
        Mesh mesh = Mesh.ofUser("user-" + ProcessHandle.current().pid(), NOBODY_SPECIAL, home);
        try {
            mesh.up().orFail();
            servesAndRoutes(mesh);
        } finally {
            mesh.down();
        }
    }

    private static Command asUser(String... command) {
        List<String> line = new ArrayList<>(Mesh.asUser(NOBODY_SPECIAL));
        line.addAll(List.of(command));
        return as(line);
    }

    private static Command as(List<String> line) {
        return Command.run(Path.of("/"), Map.of(), LIMIT, line);
    }

    private static void servesAndRoutes(Mesh mesh) {
        Call page = mesh.ingress("/productpage");
        List<Answer> pages = Bookinfo.ask(page, 60);

        assertThat(pages).allMatch(Answer::ok);
        assertThat(Bookinfo.count(pages)).containsOnlyKeys(Reviews.V1, Reviews.V2, Reviews.V3);

        mesh.applySample("networking/virtual-service-all-v1.yaml");
        int[] inARow = {0};
        mesh.awaitAnswer(page, Duration.ofSeconds(10), answer -> {
            inARow[0] = Reviews.on(answer) == Reviews.V1 ? inARow[0] + 1 : 0;
            return inARow[0] >= 10;
        });
        assertThat(Bookinfo.count(Bookinfo.ask(page, 100))).isEqualTo(Map.of(Reviews.V1, 100));
    }
}
