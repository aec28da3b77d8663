package io.flotilla.galley.serve;

import io.flotilla.discovery.View;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands views on: one that comes alone at once, those that follow within a moment together, since each step costs every
 * reader something however little it changes.
 */
final class Bursts {
    private static final Duration MOMENT = Duration.ofMillis(20);

    private final Consumer<View> readers;
    private long quietFrom = System.nanoTime();
    // Waits for the end of the moment.
    private @Nullable View pending;

    Bursts(Consumer<View> readers) {
        this.readers = readers;
    }

    synchronized void publish(View view) {
        boolean waiting = pending != null;
        long left = quietFrom - System.nanoTime();
        if (waiting || left > 0) {
            pending = view;
            if (!waiting) {
                Thread.ofVirtual().name("burst").start(() -> endsIn(left));
            }
            return;
        }
        hand(view);
    }

    private void endsIn(long nanos) {
        try {
            Thread.sleep(Duration.ofNanos(nanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            View last = pending;
            pending = null;
            if (last != null) {
                hand(last);
            }
        }
    }

    private void hand(View view) {
        readers.accept(view);
        quietFrom = System.nanoTime() + MOMENT.toNanos();
    }
}
