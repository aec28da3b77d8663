package io.flotilla.mesh.component;

import io.flotilla.mesh.process.ProcessSpec;
import io.flotilla.mesh.process.ProcessState;
import io.flotilla.mesh.process.Supervised;
import java.time.Duration;
import java.util.function.Supplier;

/** A control plane process and whether it is ready. */
public final class ComponentRun {
    private final Supervised process;
    private final Supplier<String> missing;
    private volatile boolean ready;
    private volatile String lacking = "";

    private ComponentRun(Supervised process, Supplier<String> missing) {
        this.process = process;
        this.missing = missing;
    }

    /**
     * Starts it.
     *
     * @param missing what it lacks to be ready; empty if nothing
     */
    public static ComponentRun start(ProcessSpec spec, Supplier<String> missing, Runnable changed) {
        return new ComponentRun(Supervised.start(spec, changed), missing);
    }

    public Supervised process() {
        return process;
    }

    public boolean ready() {
        return ready && process.state() == ProcessState.RUNNING;
    }

    /** Asks; true if the answer is another than before. */
    public boolean refresh() {
        boolean before = ready;
        boolean running = process.state() == ProcessState.RUNNING;
        lacking = running ? missing.get() : "";
        ready = running && lacking.isEmpty();
        return ready != before;
    }

    /** Why it is not ready: what it says itself and the last error of its log; once it is, why it ended before. */
    public String lastError() {
        String now = lacking;
        return now.isEmpty() || process.state() != ProcessState.RUNNING
                ? process.lastError()
                : now + process.loggedError().map(error -> " (" + error + ")").orElse("");
    }

    public void stop(Duration grace) {
        process.stop(grace);
    }
}
