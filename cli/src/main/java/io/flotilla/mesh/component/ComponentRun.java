package io.flotilla.mesh.component;

import io.flotilla.mesh.process.ProcessSpec;
import io.flotilla.mesh.process.ProcessState;
import io.flotilla.mesh.process.Supervised;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A control plane process and whether it is ready. */
public final class ComponentRun {
    private final Supervised process;
    private final BooleanSupplier probe;
    private volatile boolean ready;

    private ComponentRun(Supervised process, BooleanSupplier probe) {
        this.process = process;
        this.probe = probe;
    }

    public static ComponentRun start(ProcessSpec spec, BooleanSupplier probe, Runnable changed) {
        return new ComponentRun(Supervised.start(spec, changed), probe);
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
        ready = process.state() == ProcessState.RUNNING && probe.getAsBoolean();
        return ready != before;
    }

    public void stop(Duration grace) {
        process.stop(grace);
    }
}
