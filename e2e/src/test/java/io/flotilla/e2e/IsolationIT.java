package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flotilla.e2e.load.Answer;
import io.flotilla.e2e.load.Call;
import io.flotilla.e2e.mesh.Bookinfo;
import io.flotilla.e2e.mesh.Bookinfo.Reviews;
import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.Mesh;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mesh also runs for those who may do less. On meshes of its own. */
@OfMeshes
class IsolationIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
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
    void asAnOrdinaryUser(@TempDir Path home) {
        assumeTrue(System.getProperty("user.name").equals("root"), "not root");
        assumeTrue(asUser("unshare", "-Urn", "true").exit() == 0, "users may not make namespaces on this machine");
        provide(home);
        Mesh mesh = Mesh.ofUser("user-" + ProcessHandle.current().pid(), NOBODY_SPECIAL, home);
        try {
            mesh.up().orFail();
            servesAndRoutes(mesh);
        } finally {
            mesh.down();
        }
    }

    /** Copies, since a user may not look into the folders where this checkout and its Envoy are. */
    private static void provide(Path home) {
        String envoy = Mesh.named("none").flotilla("envoy-path").orFail().out().strip();
        as(List.of("cp", envoy, home.resolve("envoy").toString())).orFail();
        as(List.of(
                        "sh",
                        "-c",
                        "cd \"$0\" && mkdir \"$1\" && cp -r --parents flotilla pom.xml cli/target/flotilla-cli.jar"
                                + " cli/target/lib */target/quarkus-app samples \"$1\" && chmod -R a+rX \"$1\"",
                        Mesh.ROOT.toString(),
                        home.resolve("checkout").toString()))
                .orFail();
        String user = NOBODY_SPECIAL + ":" + NOBODY_SPECIAL;
        as(List.of("chown", user, home.toString(), home.resolve("envoy").toString()))
                .orFail();
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
        assertThat(Bookinfo.ask(page, 60)).allMatch(Answer::ok);
        // Programs that have just begun may be too slow for the page's patience with reviews, on a busy machine.
        Eventually.holds(
                LIMIT,
                () -> "all versions answer",
                () -> Bookinfo.count(Bookinfo.ask(page, 60))
                        .keySet()
                        .equals(EnumSet.of(Reviews.V1, Reviews.V2, Reviews.V3)));

        mesh.applySample("networking/virtual-service-all-v1.yaml");
        Bookinfo.awaitOnly(page, Reviews.V1, Duration.ofSeconds(60));
        assertThat(Bookinfo.count(Bookinfo.ask(page, 100))).isEqualTo(Map.of(Reviews.V1, 100));
    }
}
