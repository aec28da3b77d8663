package io.flotilla.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkedTest {
    @TempDir
    private Path folder;

    @Test
    void endsEveryProcessOfAMeshAndNobodyElse() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/proc/self/environ")), "needs /proc");
        Process member = sleep(folder.toString());
        Process stranger = sleep(folder + "-other");

        assertThat(Marked.find(folder)).extracting(ProcessHandle::pid).containsExactly(member.pid());
        Marked.end(folder, Duration.ofSeconds(1));

        // Java's own view of a process that has ended comes a moment later.
        assertThat(member.waitFor(60, TimeUnit.SECONDS))
                .as("the member has ended")
                .isTrue();
        assertThat(stranger.isAlive()).isTrue();
        stranger.destroyForcibly();
    }

    private static Process sleep(String mark) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sleep", "1000");
        builder.environment().put(Marked.VARIABLE, mark);
        return builder.start();
    }
}
