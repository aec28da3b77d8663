package io.flotilla.telemetry.metric;

import java.util.Arrays;
import java.util.List;

/** Values for a family's label names, in their order. Compared by content; the hash is computed once. */
public final class LabelSet {
    private final String[] values;
    private final int hash;

    LabelSet(String... values) {
        this.values = values.clone();
        this.hash = Arrays.hashCode(this.values);
    }

    /** The values, in the order of the family's label names. */
    public List<String> values() {
        return List.of(values);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelSet set && hash == set.hash && Arrays.equals(values, set.values);
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
