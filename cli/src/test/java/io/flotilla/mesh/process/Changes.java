package io.flotilla.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What a process tells of itself, for tests that wait for it. */
public final class Changes {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Semaphore changes = new Semaphore(0);

    /** Something has changed. */
    public void tell() {
        changes.release();
    }

    /** Returns when this holds; what no change tells of, such as a file, is looked at often. */
    public void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("condition within 60 s").isLessThan(deadline);
            changes.tryAcquire(20, TimeUnit.MILLISECONDS);
        }
    }

    /** What a file has by now; nothing where there is none yet. */
    public static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }
}
