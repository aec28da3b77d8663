package io.flotilla.telemetry.metric;

import java.util.Arrays;
import java.util.List;

/** Label names and their values. Compared by content; the hash is computed once. */
public final class LabelSet {
    private final List<String> names;
    private final String[] values;
    private final int hash;

    LabelSet(List<String> names, String... values) {
        this.names = names;
        this.values = values.clone();
        this.hash = Arrays.hashCode(this.values);
    }

    /** The names. */
    public List<String> names() {
        return names;
    }

    /** The values, in the order of the names. */
    public List<String> values() {
        return List.of(values);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelSet set
                && hash == set.hash
                && Arrays.equals(values, set.values)
                && names.equals(set.names);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
