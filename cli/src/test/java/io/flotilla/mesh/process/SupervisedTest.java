package io.flotilla.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedTest {
    @TempDir
    private Path folder;

    private final Changes changes = new Changes();

    @Test
    void startsAProcessAgainThatWasKilled() throws InterruptedException {
        Supervised supervised = start("sleep 1000");
        changes.await(() -> supervised.pid() > 0);
        long first = supervised.pid();

        ProcessHandle.of(first).orElseThrow().destroyForcibly();

        changes.await(() -> {
            long now = supervised.pid();
            return now > 0 && now != first;
        });
        assertThat(supervised.restarts()).isEqualTo(1);
        assertThat(supervised.lastError()).isEqualTo("ended by signal 9");
        supervised.stop(Duration.ofSeconds(5));
    }

    @Test
    void killsWhoDoesNotListen() throws InterruptedException {
        Supervised supervised = start("trap '' TERM; echo ready; while :; do sleep 0.05; done");
        Path log = folder.resolve("log");
        changes.await(() -> Changes.text(log).contains("ready"));

        supervised.stop(Duration.ofMillis(100));

        assertThat(supervised.state()).isEqualTo(ProcessState.STOPPED);
        assertThat(supervised.pid()).isZero();
    }

    private Supervised start(String script) {
        ProcessSpec spec = new ProcessSpec(
                "test", List.of("sh", "-c", script), Map.of("PATH", Tool.searchPath()), folder.resolve("log"));
        return Supervised.start(spec, changes::tell);
    }
}
