package io.flotilla.envoy.patch;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The patches that concern a proxy, in the order in which they are applied. Remembers its hash: it is part of keys. */
public final class PatchSet {
    /** No patch at all. */
    public static final PatchSet NONE = new PatchSet(List.of(), List.of());

    private final List<Patch> patches;
    private final List<Untranslated> problems;
    private final int hash;

    PatchSet(List<Patch> patches, List<Untranslated> problems) {
        this.patches = List.copyOf(FilterPhases.ordered(patches));
        this.problems = List.copyOf(problems);
        hash = Objects.hash(this.patches, this.problems);
    }

    List<Patch> patches() {
        return patches;
    }

    /** Patches that were left out since they cannot become messages of Envoy. */
    public List<Untranslated> problems() {
        return problems;
    }

    public boolean isEmpty() {
        return patches.isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof PatchSet set
                        && hash == set.hash
                        && patches.equals(set.patches)
                        && problems.equals(set.problems));
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
