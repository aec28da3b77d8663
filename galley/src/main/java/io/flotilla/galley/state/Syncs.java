package io.flotilla.galley.state;

import io.flotilla.galley.source.SourceName;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which sources have told everything, and what must not go before they have. */
final class Syncs {
    private final Set<SourceName> waiting = EnumSet.noneOf(SourceName.class);
    private final Set<SourceName> expected;
    private final Map<SourceName, Set<String>> untold = new EnumMap<>(SourceName.class);
    private boolean seeded;

    Syncs(Set<SourceName> expected) {
        this.expected = Set.copyOf(expected);
        waiting.addAll(expected);
    }

    boolean expects(SourceName source) {
        return expected.contains(source);
    }

    /** A document of an earlier run, which its source has not told yet. */
    void held(SourceName source, String document) {
        seeded = true;
        untold(source).add(document);
    }

    private Set<String> untold(SourceName source) {
        return untold.computeIfAbsent(source, each -> new TreeSet<>());
    }

    /** What a change means now: removals wait until the source has told everything. */
    Map<String, Optional<String>> apply(SourceName source, Map<String, Optional<String>> documents, boolean synced) {
        if (!waiting.contains(source)) {
            return documents;
        }
        Map<String, Optional<String>> now = new TreeMap<>();
        documents.forEach((name, text) -> {
            if (text.isPresent()) {
                untold(source).remove(name);
                now.put(name, text);
            } else {
                untold(source).add(name);
            }
        });
        if (synced) {
            untold(source).forEach(name -> now.put(name, Optional.empty()));
            untold.remove(source);
            waiting.remove(source);
        }
        return now;
    }

    /** This source has told everything. */
    boolean toldAll(SourceName source) {
        return !waiting.contains(source);
    }

    /** Every source has told everything. */
    boolean complete() {
        return waiting.isEmpty();
    }

    /** Consumers may have the state: it is whole, or the last known good one of an earlier run. */
    boolean servable() {
        return complete() || seeded;
    }
}
