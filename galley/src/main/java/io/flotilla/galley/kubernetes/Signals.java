package io.flotilla.galley.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a watch is told, in order, by its streams and by its owner. For any number of tellers and one that waits. */
final class Signals {
    /** Lines that are one change at the most. */
    private static final int BURST = 1_000;

    private final BlockingQueue<Signal> queue = new LinkedBlockingQueue<>();

    /** Of a stream, which is known by its object, or of the owner. */
    sealed interface Signal {
        record Opened(Object stream, int status, String error) implements Signal {}

        record Line(Object stream, String text) implements Signal {}

        record Closed(Object stream, String error) implements Signal {}

        /** The owner wants something: to list anew, or to take what waits as meant. */
        record Wish(boolean confirm) implements Signal {}
    }

    void wish(boolean confirm) {
        queue.add(new Signal.Wish(confirm));
    }

    /** Tells of a stream. */
    ClusterClient.Lines of(Object stream) {
        return new ClusterClient.Lines() {
            @Override
            public void opened(int status, String error) {
                queue.add(new Signal.Opened(stream, status, error));
            }

            @Override
            public void line(String line) {
                queue.add(new Signal.Line(stream, line));
            }

            @Override
            public void ended(String error) {
                queue.add(new Signal.Closed(stream, error));
            }
        };
    }

    /** The next; null where there is none until this moment of {@link System#nanoTime}. */
    @Nullable
    Signal until(long end) throws InterruptedException {
        return queue.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** A line and those of its stream that have arrived right behind it. */
    List<String> burst(Signal.Line first) {
        List<String> lines = new ArrayList<>(List.of(first.text()));
        while (lines.size() < BURST
                && queue.peek() instanceof Signal.Line(Object of, String text)
                && of == first.stream()) {
            lines.add(text);
            queue.remove();
        }
        return lines;
    }
}
