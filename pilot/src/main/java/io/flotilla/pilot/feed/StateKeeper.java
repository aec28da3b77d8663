package io.flotilla.pilot.feed;

import io.flotilla.discovery.View;
import io.flotilla.discovery.client.SavedState;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Writes the newest state to its file, on a thread of its own, at most once a second. */
final class StateKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StateKeeper.class.getName());
    private static final long PAUSE_MILLIS = 1_000;

    private final SavedState file;
    private final AtomicReference<@Nullable View> pending = new AtomicReference<>();
    private final Thread thread;

    StateKeeper(SavedState file) {
        this.file = file;
        this.thread = Thread.ofVirtual().name("state").unstarted(this::run);
        thread.start();
    }

    void keep(View view) {
        pending.set(view);
        java.util.concurrent.locks.LockSupport.unpark(thread);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            write();
            if (pending.get() == null) {
                java.util.concurrent.locks.LockSupport.park(this);
            }
            try {
                Thread.sleep(pending.get() == null ? 0 : PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void write() {
        View view = pending.getAndSet(null);
        if (view == null) {
            return;
        }
        try {
            file.write(view);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the state could not be kept for the next start: " + e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        write();
    }
}
