package io.flotilla.config.analysis;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every code that analysis can report, with what it means. */
public final class Catalogue {
    private static final SortedMap<String, Entry> BY_CODE = new TreeMap<>();

    static {
        add(Analyzer.LEFT_OUT);
        Checks.ALL.forEach(check -> check.entries().forEach(Catalogue::add));
    }

    private Catalogue() {}

    /** All entries, sorted by code. */
    public static List<Entry> all() {
        return List.copyOf(BY_CODE.values());
    }

    /** The entry of a code of ours. */
    public static Optional<Entry> find(String code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** The entries that say what a code of ours, of Istio's or of Kiali's says. */
    public static List<Entry> answering(String code) {
        return BY_CODE.values().stream().filter(entry -> entry.answersTo(code)).toList();
    }

    private static void add(Entry entry) {
        if (BY_CODE.put(entry.code(), entry) != null) {
            throw new IllegalStateException("two meanings of " + entry.code());
        }
    }
}
