package io.flotilla.galley.source;

import java.time.Duration;
import java.time.Instant;

/** How far what a source told is to be trusted. */
public sealed interface SourceStatus {
    /** It has not told everything yet. */
    record Starting(String waitingFor) implements SourceStatus {}

    /** It has told everything, and hears of changes. */
    record Synced() implements SourceStatus {}

    /** It told everything once; since then changes may be missing. */
    record Stale(Instant since, String why) implements SourceStatus {}

    /** Everything was told once. */
    default boolean synced() {
        return !(this instanceof Starting);
    }

    /** How old the state may be; zero where it is current. */
    default Duration staleFor(Instant now) {
        return this instanceof Stale stale && stale.since().isBefore(now)
                ? Duration.between(stale.since(), now)
                : Duration.ZERO;
    }
}
