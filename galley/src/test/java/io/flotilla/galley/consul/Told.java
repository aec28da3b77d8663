package io.flotilla.galley.consul;

import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.source.SourceSink;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Keeps what a source told, and waits until it is as a test wants it. */
final class Told implements SourceSink {
    private final SortedMap<String, String> documents = new TreeMap<>();
    private int calls;

    @Override
    public synchronized void apply(SourceName source, Map<String, Optional<String>> changes, boolean synced) {
        changes.forEach((name, text) ->
                text.ifPresentOrElse(content -> documents.put(name, content), () -> documents.remove(name)));
        calls++;
        notifyAll();
    }

    synchronized int calls() {
        return calls;
    }

    synchronized SortedMap<String, String> await(Predicate<SortedMap<String, String>> wanted)
            throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (calls == 0 || !wanted.test(documents)) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("not so after 60 s: " + documents);
            }
            wait(left);
        }
        return new TreeMap<>(documents);
    }
}
