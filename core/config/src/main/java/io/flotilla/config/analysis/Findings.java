package io.flotilla.config.analysis;

import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Collects what checks find, at most so many of a code; lines are looked up at the end, for what is kept. */
public final class Findings {
    private final int limit;
    private final Predicate<Config<?>> wanted;
    private final List<Finding> found = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    Findings(int limit) {
        this(limit, config -> true);
    }

    /** Only those of some objects. */
    Findings(int limit, Predicate<Config<?>> wanted) {
        this.limit = limit;
        this.wanted = wanted;
    }

    /** One finding, before its line is known. */
    record Finding(Entry entry, Config<?> config, FieldPath at, String message) {}

    /**
     * Reports a finding.
     *
     * @param config the object that its author must change
     * @param at     the field
     * @param message what is wrong and what to do: lower case, no full stop
     */
    public void report(Entry entry, Config<?> config, FieldPath at, String message) {
        if (wanted.test(config) && counts.merge(entry.code(), 1, Integer::sum) <= limit) {
            found.add(new Finding(entry, config, at, message));
        }
    }

    List<Finding> found() {
        return found;
    }

    /** How many of each code were not kept. */
    Map<String, Integer> leftOut() {
        Map<String, Integer> leftOut = new TreeMap<>();
        counts.forEach((code, count) -> {
            if (count > limit) {
                leftOut.put(code, count - limit);
            }
        });
        return leftOut;
    }
}
