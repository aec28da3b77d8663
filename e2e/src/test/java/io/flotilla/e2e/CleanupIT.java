package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.HostState;
import io.flotilla.e2e.mesh.Mesh;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A mesh that ends leaves the machine as it found it. Runs on a mesh of its own. */
@OfMeshes
class CleanupIT {
    private static final Duration UP = Duration.ofMinutes(5);
    private static final Duration DOWN = Duration.ofMinutes(2);

    private final Mesh mesh = Mesh.named("cleanup-" + ProcessHandle.current().pid());

    @AfterEach
    void down() {
        mesh.down();
    }

    @Test
    void downLeavesNothing() {
        HostState before = HostState.of(mesh.name());
        mesh.up().orFail();
        assertThat(HostState.of(mesh.name()).processes()).isNotEmpty();

        mesh.flotilla("down").orFail();

        assertLeftNothing(before);
    }

    @Test
    void controlCLeavesNothing() throws IOException {
        HostState before = HostState.of(mesh.name());
        Process launcher = foreground();
        mesh.awaitReady(UP);

        Command.run(Path.of("/"), java.util.Map.of(), DOWN, List.of("kill", "-INT", Long.toString(launcher.pid())))
                .orFail();
        Eventually.holds(DOWN, () -> "the launcher ends", () -> !launcher.isAlive());

        assertLeftNothing(before);
    }

    @Test
    void downAfterTheLauncherWasKilledLeavesNothing() throws IOException {
        HostState before = HostState.of(mesh.name());
        Process launcher = foreground();
        mesh.awaitReady(UP);

        launcher.destroyForcibly();
        Eventually.holds(DOWN, () -> "the launcher ends", () -> !launcher.isAlive());
        mesh.flotilla("down").orFail();

        assertLeftNothing(before);
    }

    private Process foreground() throws IOException {
        // Who runs tests in the background of a shell runs them, and all that they start, with SIGINT ignored.
        ProcessBuilder builder = new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        Mesh.ROOT.resolve("flotilla").toString(),
                        "up",
                        "--ports",
                        "auto",
                        "--name",
                        mesh.name())
                .directory(Mesh.ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("FLOTILLA_NO_BUILD", "1");
        return builder.start();
    }

    private void assertLeftNothing(HostState before) {
        Eventually.holds(
                DOWN,
                () -> "nothing is left; before " + before + ", now " + HostState.of(mesh.name()),
                () -> HostState.of(mesh.name()).equals(before));
    }
}
