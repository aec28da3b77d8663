package io.flotilla.e2e.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that builds the API server of tests, with a go that only pretends. */
class KubeminiBuildTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path BUILD =
            Path.of(System.getProperty("flotilla.root", "")).resolve("e2e/kubemini/build");

    @TempDir
    private Path folder;

    @Test
    void whoComesWhileAnotherBuildsWaitsAndTakesWhatThatOneBuilt() throws IOException, InterruptedException {
        go();
        Path built = Path.of(Command.run(folder, environment(), LIMIT, List.of(BUILD.toString()))
                .orFail()
                .out()
                .strip());
        assertThat(calls()).containsExactly("run", "build");
        Files.delete(built);
        Process other = new ProcessBuilder(
                        "flock", built.resolveSibling("lock").toString(), "sh", "-c", "echo locked; read end")
                .start();
        assertThat(other.getInputStream().read()).isEqualTo('l');

        Process second = builder().start();
        Eventually.holds(
                LIMIT,
                () -> "the second waits for the lock",
                () -> !second.isAlive()
                        || second.descendants()
                                .anyMatch(
                                        each -> each.info().command().orElse("").endsWith("/flock")));
        Files.writeString(built, "");
        Files.setPosixFilePermissions(built, PosixFilePermissions.fromString("rwxr-xr-x"));
        other.getOutputStream().close();

        assertThat(new String(second.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(built + "\n");
        assertThat(second.waitFor()).isZero();
        assertThat(calls()).as("built once").containsExactly("run", "build");
    }

    @Test
    void withoutGoItSaysSo() {
        Command without = Command.run(folder, Map.of("PATH", "/nowhere"), LIMIT, List.of("/bin/sh", BUILD.toString()));

        assertThat(without.exit()).isEqualTo(2);
        assertThat(without.err()).contains("no go on the PATH");
    }

    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(BUILD.toString()).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment());
        return builder;
    }

    private Map<String, String> environment() {
        return Map.of(
                "PATH",
                folder.resolve("bin") + ":" + System.getenv("PATH"),
                "XDG_CACHE_HOME",
                folder.resolve("cache").toString(),
                "CALLS",
                folder.resolve("calls").toString());
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(folder.resolve("calls"));
    }

    private void go() throws IOException {
        Path go = Files.createDirectories(folder.resolve("bin")).resolve("go");
        Files.writeString(go, """
                #!/bin/sh
                echo "$1" >>"$CALLS"
                [ "$1" != build ] || { : >kubemini; chmod +x kubemini; }
                """);
        Files.setPosixFilePermissions(go, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
