package io.flotilla.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedTest {
    @TempDir
    private Path folder;

    private final Semaphore changes = new Semaphore(0);

    @Test
    void startsAProcessAgainThatWasKilled() throws InterruptedException {
        Supervised supervised = start("sleep 1000");
        await(() -> supervised.pid() > 0);
        long first = supervised.pid();

        ProcessHandle.of(first).orElseThrow().destroyForcibly();

        await(() -> {
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
        await(() -> text(log).contains("ready"));

        supervised.stop(Duration.ofMillis(100));

        assertThat(supervised.state()).isEqualTo(ProcessState.STOPPED);
        assertThat(supervised.pid()).isZero();
    }

    private Supervised start(String script) {
        ProcessSpec spec = new ProcessSpec(
                "test", List.of("sh", "-c", script), Map.of("PATH", Tool.searchPath()), folder.resolve("log"));
        return Supervised.start(spec, changes::release);
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("condition within 60 s").isLessThan(deadline);
            changes.tryAcquire(20, TimeUnit.MILLISECONDS);
        }
    }
}
