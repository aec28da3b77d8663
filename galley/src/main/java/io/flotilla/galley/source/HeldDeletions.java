package io.flotilla.galley.source;

import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/**
 * Deletions that a source keeps back until they are told again, or confirmed.
 *
 * @param of    what they are of, as the source names it: a kind, a directory, a type
 * @param names of the documents, sorted
 * @param since when they were told first
 */
public record HeldDeletions(String of, List<String> names, Instant since) {
    public HeldDeletions {
        names = List.copyOf(names);
    }

    public static HeldDeletions of(String what, MassDeletionGuard.Pending pending) {
        return new HeldDeletions(what, List.copyOf(new TreeSet<>(pending.names())), pending.since());
    }
}
