package io.flotilla.envoy;

import io.flotilla.config.snapshot.Moves;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Lists of resources as they were made last, from which the next follow where only little has moved since: such a change
 * costs what it moves, not what the mesh holds. Whoever translates says what moved before it translates.
 *
 * @param <T> the resources
 */
public final class PartSteps<T> {
    private static final int KEPT_MOVES = 32;

    private final boolean remembers;
    private final UnaryOperator<Moves> concern;
    private final Map<Record, Last<T>> parts = new HashMap<>();
    private long moves;

    /** @param concern what of a change the resources depend on */
    PartSteps(boolean remembers, UnaryOperator<Moves> concern) {
        this.remembers = remembers;
        this.concern = concern;
    }

    /**
     * What one part of the mesh was told.
     *
     * @param resources sorted by name
     * @param moved     since then
     * @param lasting   does not depend on what a Sidecar imports
     * @param asked     at which move it was asked for last
     */
    private record Last<T>(List<T> resources, Moves moved, boolean lasting, long asked) {
        Last<T> and(Moves more) {
            return new Last<>(resources, moved.and(more), lasting, asked);
        }
    }

    /** These have moved, and nothing else has changed. */
    public synchronized void moved(Moves what) {
        Moves mine = concern.apply(what);
        if (!mine.equals(Moves.NONE)) {
            moves++;
            parts.values().removeIf(last -> last.asked() < moves - KEPT_MOVES);
            parts.replaceAll((part, last) -> last.and(mine));
        }
    }

    /** Nothing has changed that the resources depend on, save through what a Sidecar imports. */
    public synchronized void imported() {
        parts.values().removeIf(last -> !last.lasting());
    }

    /** Anything has changed. */
    public synchronized void forget() {
        parts.clear();
    }

    /**
     * The resources of a part.
     *
     * @param lasting whether they do not depend on what a Sidecar imports
     * @param step    makes them of the last ones and what moved since; empty where that cannot be done
     * @param whole   makes them anew
     */
    synchronized List<T> of(
            Record part, boolean lasting, BiFunction<List<T>, Moves, Optional<List<T>>> step, Supplier<List<T>> whole) {
        if (!remembers) {
            return whole.get();
        }
        Last<T> last = parts.get(part);
        Optional<List<T>> stepped = last == null
                ? Optional.empty()
                : last.moved().equals(Moves.NONE)
                        ? Optional.of(last.resources())
                        : step.apply(last.resources(), last.moved());
        List<T> made = stepped.orElseGet(() -> shared(whole.get()));
        parts.put(part, new Last<>(made, Moves.NONE, lasting, moves));
        return made;
    }

    // Parts of which nothing depends on the part have one list, so that the next step is taken once for all of them.
    private List<T> shared(List<T> made) {
        @Nullable
        List<T> known = parts.values().stream()
                .map(Last::resources)
                .filter(each -> same(each, made))
                .findFirst()
                .orElse(null);
        return known == null ? made : known;
    }

    @SuppressWarnings("ReferenceEquality") // equal resources come from one cache: a look into them is not worth it
    private static <T> boolean same(List<T> one, List<T> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (one.get(i) != other.get(i)) {
                return false;
            }
        }
        return true;
    }
}
