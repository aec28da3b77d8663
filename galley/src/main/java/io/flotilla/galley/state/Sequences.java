package io.flotilla.galley.state;

import io.flotilla.discovery.Generation;
import io.flotilla.galley.source.SourceName;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Counts the changes of each source. A process that begins with what an earlier one held counts on in that one's epoch
 * until all sources have told everything: a consumer that knows more than was kept must not go back to it.
 */
final class Sequences {
    private final LongSupplier clock;
    private final long ownEpoch;
    private long epoch;
    private final Map<String, Long> bySource = new TreeMap<>();

    Sequences(LongSupplier clock) {
        this.clock = clock;
        this.ownEpoch = clock.getAsLong();
        this.epoch = ownEpoch;
    }

    void resume(Generation kept) {
        epoch = kept.epoch();
        bySource.putAll(kept.sequences());
    }

    /** Another change of a source; complete: all sources have told everything. */
    void advance(SourceName source, boolean complete) {
        bySource.merge(source.text(), clock.getAsLong(), (last, now) -> Math.max(last + 1, now));
        if (complete) {
            epoch = ownEpoch;
        }
    }

    Generation generation() {
        return new Generation(epoch, bySource);
    }
}
