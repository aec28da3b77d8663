package io.flotilla.mesh.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.mesh.process.Changes;
import io.flotilla.mesh.process.ProcessSpec;
import io.flotilla.mesh.process.ProcessState;
import io.flotilla.mesh.process.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComponentRunTest {
    @TempDir
    private Path folder;

    private final Changes changes = new Changes();
    private volatile String missing = "mesh is down";

    @Test
    void whatRunsAndIsNotReadySaysWhy() throws InterruptedException {
        Path log = folder.resolve("log");
        ProcessSpec spec = new ProcessSpec(
                "test",
                List.of("sh", "-c", "echo '11:02:20.074 ERROR test no certificate'; sleep 1000"),
                Map.of("PATH", Tool.searchPath()),
                log);
        ComponentRun run = ComponentRun.start(spec, () -> missing, changes::tell);
        changes.await(() -> run.process().state() == ProcessState.RUNNING
                && Changes.text(log).endsWith("certificate\n"));

        run.refresh();
        assertThat(run.ready()).isFalse();
        assertThat(run.lastError()).isEqualTo("mesh is down (test no certificate)");

        missing = "";
        assertThat(run.refresh()).as("another answer").isTrue();
        assertThat(run.ready()).isTrue();
        assertThat(run.lastError()).isEmpty();

        missing = "mesh is down";
        run.refresh();
        run.stop(Duration.ofSeconds(5));
        assertThat(run.lastError()).as("of one that has ended").startsWith("ended by signal");
    }
}
