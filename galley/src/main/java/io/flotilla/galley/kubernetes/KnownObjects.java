package io.flotilla.galley.kubernetes;

import io.flotilla.config.store.SortedTree;
import io.flotilla.galley.source.MassDeletionGuard;
import io.flotilla.galley.source.MassDeletionGuard.Decision;
import io.flotilla.galley.source.MassDeletionGuard.Pending;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind as they were told last. Immutable.
 *
 * @param texts   document to a fingerprint of its text; 0 where it is of an earlier run and was not told yet
 * @param pending deletions that wait to be confirmed
 */
record KnownObjects(
        SortedTree<String, Long> texts, @Nullable Pending pending) {
    private static final long UNTOLD = 0;
    private static final long FACTOR = 1_099_511_628_211L;

    /** Those of an earlier run. */
    static KnownObjects held(Collection<String> documents) {
        SortedTree<String, Long> texts = SortedTree.empty();
        for (String document : documents) {
            texts = texts.with(document, UNTOLD);
        }
        return new KnownObjects(texts, null);
    }

    /** The state after something was read, and what is news in it. */
    record Step(KnownObjects state, Map<String, Optional<String>> news) {}

    /**
     * A complete list came: what it has is taken, what it lacks goes through the guard.
     *
     * @param unselected documents of namespaces that are known not to be read any more: these go without the guard
     */
    Step listed(Map<String, String> documents, Predicate<String> unselected, MassDeletionGuard guard, Instant now) {
        Set<String> missing = new HashSet<>(texts.keys());
        missing.removeAll(documents.keySet());
        Set<String> passedOver = missing.stream().filter(unselected).collect(Collectors.toSet());
        missing.removeAll(passedOver);
        Decision decision = guard.decide(texts.size() - passedOver.size(), missing, pending, now);
        Map<String, Optional<String>> news = new TreeMap<>();
        SortedTree<String, Long> next = texts;
        for (Map.Entry<String, String> entry : documents.entrySet()) {
            long fingerprint = fingerprint(entry.getValue());
            Long before = texts.get(entry.getKey());
            if (before == null || before != fingerprint) {
                next = next.with(entry.getKey(), fingerprint);
                news.put(entry.getKey(), Optional.of(entry.getValue()));
            }
        }
        for (String name : passedOver) {
            next = next.without(name);
            news.put(name, Optional.empty());
        }
        return switch (decision) {
            case Decision.Hold(Pending held) -> new Step(new KnownObjects(next, held), news);
            case Decision.Delete(Set<String> names) -> {
                for (String name : names) {
                    next = next.without(name);
                    news.put(name, Optional.empty());
                }
                yield new Step(new KnownObjects(next, null), news);
            }
        };
    }

    /** A watch told of one object: its text now, or that it is gone. */
    Step seen(String document, Optional<String> text) {
        Long before = texts.get(document);
        Pending waits = without(document);
        if (text.isEmpty()) {
            return before == null
                    ? new Step(this, Map.of())
                    : new Step(new KnownObjects(texts.without(document), waits), Map.of(document, Optional.empty()));
        }
        long fingerprint = fingerprint(text.get());
        return before != null && before == fingerprint
                ? new Step(new KnownObjects(texts, waits), Map.of())
                : new Step(new KnownObjects(texts.with(document, fingerprint), waits), Map.of(document, text));
    }

    /** The operator says that what waits is meant: it goes. */
    Step confirmed() {
        Pending waits = pending;
        if (waits == null) {
            return new Step(this, Map.of());
        }
        Map<String, Optional<String>> news = new TreeMap<>();
        SortedTree<String, Long> next = texts;
        for (String name : waits.names()) {
            next = next.without(name);
            news.put(name, Optional.empty());
        }
        return new Step(new KnownObjects(next, null), news);
    }

    private @Nullable Pending without(String document) {
        Pending waits = pending;
        if (waits == null || !waits.names().contains(document)) {
            return waits;
        }
        Set<String> others = new HashSet<>(waits.names());
        others.remove(document);
        return others.isEmpty() ? null : new Pending(others, waits.since());
    }

    /** Never that of what was not told. */
    private static long fingerprint(String text) {
        long hash = 1;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FACTOR;
        }
        return hash == UNTOLD ? 1 : hash;
    }
}
