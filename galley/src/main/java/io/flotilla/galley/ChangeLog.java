package io.flotilla.galley;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.discovery.Generation;
import io.flotilla.galley.state.Publisher;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the log says of changes. What people write is told at once, a line each. Endpoints and workloads come and go by
 * themselves, many in a second, and a line costs a tenth of what publishing one does: of those the first is told at
 * once, and then what came until {@code later} together.
 */
final class ChangeLog {
    private static final Set<Kind> THEMSELVES = Set.of(Kind.REGISTRY_ENDPOINT_SLICE, Kind.REGISTRY_WORKLOAD);

    private final Consumer<String> log;
    private final Executor later;
    private Sum kept = Sum.NOTHING;
    private boolean keeping;

    /**
     * A log of that kind.
     *
     * @param later runs what it is given after the time for which changes are kept, on any thread
     */
    ChangeLog(Consumer<String> log, Executor later) {
        this.log = log;
        this.later = later;
    }

    /** Several changes as one. */
    private record Sum(
            Set<String> from,
            int changes,
            int documents,
            int published,
            int removed,
            Generation generation,
            Duration took) {
        static final Sum NOTHING = new Sum(Set.of(), 0, 0, 0, 0, Generation.NONE, Duration.ZERO);

        Sum and(String source, int more, Publisher.Outcome outcome, Duration time) {
            return new Sum(
                    from.contains(source) ? from : with(source),
                    changes + 1,
                    documents + more,
                    published + outcome.changed().size(),
                    removed + outcome.removed().size(),
                    outcome.held().view().generation(),
                    took.plus(time));
        }

        private Set<String> with(String source) {
            Set<String> all = new TreeSet<>(from);
            all.add(source);
            return all;
        }

        @Override
        public String toString() {
            return String.join(", ", from) + ": " + documents + " documents changed"
                    + (changes == 1 ? "" : " in " + changes + " changes") + ": " + published + " objects published, "
                    + removed + " removed, generation " + generation + ", " + took.toNanos() / 1000 + " us";
        }
    }

    /**
     * A change that somebody must be told of.
     *
     * @param from      its source
     * @param documents how many of them changed
     */
    synchronized void published(String from, int documents, Publisher.Outcome outcome, Duration took) {
        if (!byThemselves(outcome)) {
            log.accept(Sum.NOTHING.and(from, documents, outcome, took).toString());
            return;
        }
        kept = kept.and(from, documents, outcome, took);
        if (!keeping) {
            tell();
        }
    }

    private void tell() {
        log.accept(kept.toString());
        kept = Sum.NOTHING;
        keeping = true;
        later.execute(this::end);
    }

    private synchronized void end() {
        keeping = false;
        if (kept.changes() > 0) {
            tell();
        }
    }

    private static boolean byThemselves(Publisher.Outcome outcome) {
        return Stream.concat(outcome.changed().stream().map(Config::key), outcome.removed().stream())
                .map(ObjectKey::kind)
                .allMatch(THEMSELVES::contains);
    }
}
