package io.flotilla.galley.state;

import io.flotilla.discovery.Generation;
import io.flotilla.galley.source.SourceName;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * As of when each source's state is known, in milliseconds since 1970 (decision 010). These numbers outlive the process
 * and compare between replicas, so their epoch is 0. What an earlier run held is as old as it was then: a consumer that
 * knows more must not go back to it.
 */
final class Sequences {
    private final LongSupplier clock;
    private final Map<String, Long> bySource = new TreeMap<>();

    Sequences(LongSupplier clock) {
        this.clock = clock;
    }

    void resume(Generation kept) {
        bySource.putAll(kept.sequences());
    }

    /**
     * Another change of a source: a later number than any before, though the clock may go back.
     *
     * @param whole the source has told everything, so that its state is known as of now
     */
    void advance(SourceName source, boolean whole) {
        bySource.merge(source.text(), whole ? clock.getAsLong() : 1, (last, now) -> Math.max(last + 1, now));
    }

    Generation generation() {
        return new Generation(0, bySource);
    }
}
