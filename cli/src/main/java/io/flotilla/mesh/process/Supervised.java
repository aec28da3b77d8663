package io.flotilla.mesh.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Keeps one process running until it is told to stop. */
public final class Supervised {
    private final ProcessSpec spec;
    private final Runnable changed;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Process process;
    private volatile ProcessState state = ProcessState.STARTING;
    private final AtomicInteger restarts = new AtomicInteger();
    private volatile String lastError = "";
    // Where what the present process logs begins.
    private volatile long logged;

    private Supervised(ProcessSpec spec, Runnable changed) {
        this.spec = spec;
        this.changed = changed;
    }

    /** Starts a process; {@code changed} is called whenever {@link #state} or {@link #pid} is another. */
    public static Supervised start(ProcessSpec spec, Runnable changed) {
        Supervised supervised = new Supervised(spec, changed);
        Thread.ofVirtual().name("supervise-" + spec.name()).start(supervised::run);
        return supervised;
    }

    public String name() {
        return spec.name();
    }

    public ProcessState state() {
        return state;
    }

    public int restarts() {
        return restarts.get();
    }

    /** Why it ended, the last time; empty before. */
    public String lastError() {
        return lastError;
    }

    /** The last error that the process that runs now has logged, of its last lines. */
    public Optional<String> loggedError() {
        return LogTail.error(spec.log(), logged);
    }

    /** 0 while it does not run. */
    public long pid() {
        Process now = process;
        return now != null && now.isAlive() ? now.pid() : 0;
    }

    private void run() {
        Backoff backoff = Backoff.FRESH;
        try {
            while (stopping.getCount() > 0) {
                Instant started = Instant.now();
                lastError = runOnce();
                if (stopping.getCount() == 0) {
                    break;
                }
                backoff = backoff.after(Duration.between(started, Instant.now()));
                become(ProcessState.BACKOFF);
                if (stopping.await(backoff.delay().toMillis(), TimeUnit.MILLISECONDS)) {
                    break;
                }
                restarts.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            become(ProcessState.STOPPED);
            ended.countDown();
        }
    }

    /** Runs the process to its end and tells why it ended. */
    private String runOnce() throws InterruptedException {
        try {
            Files.createDirectories(spec.log().getParent());
            logged = Files.exists(spec.log()) ? Files.size(spec.log()) : 0;
            Process started = launch(spec);
            process = started;
            if (stopping.getCount() == 0) {
                started.destroy();
            }
            become(ProcessState.RUNNING);
            int exit = started.waitFor();
            return exit > 128 ? "ended by signal " + (exit - 128) : "exited with " + exit;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Starts a process without watching it. */
    public static Process launch(ProcessSpec spec) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(spec.command())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
        builder.environment().clear();
        builder.environment().putAll(spec.environment());
        return builder.start();
    }

    /** Ends the process at once; it is started again like one that ended by itself. */
    public void restart() {
        Process now = process;
        if (now != null) {
            now.destroyForcibly();
        }
    }

    /** SIGTERM, then SIGKILL after the grace; returns when the process has ended. */
    public void stop(Duration grace) {
        stopping.countDown();
        Process now = process;
        if (now != null) {
            now.destroy();
        }
        try {
            if (!ended.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                Process late = process;
                if (late != null) {
                    late.destroyForcibly();
                }
                ended.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void become(ProcessState next) {
        state = next;
        changed.run();
    }
}
