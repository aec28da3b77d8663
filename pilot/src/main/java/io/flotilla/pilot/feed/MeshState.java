package io.flotilla.pilot.feed;

import io.flotilla.config.model.Kind;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.discovery.Generation;
import java.util.HashSet;
import java.util.Set;

/**
 * The mesh at one generation.
 *
 * @param generation what it was made from
 * @param snapshot   the mesh
 * @param changed    kinds of the objects that differ from the state before
 * @param arrived    when, by {@link System#nanoTime}
 */
public record MeshState(Generation generation, MeshSnapshot snapshot, Set<Kind> changed, long arrived) {
    public MeshState {
        changed = Set.copyOf(changed);
    }

    /** This state, with what an earlier one changed that nobody has looked at. */
    public MeshState after(MeshState earlier) {
        Set<Kind> all = new HashSet<>(earlier.changed);
        all.addAll(changed);
        return new MeshState(generation, snapshot, all, earlier.arrived);
    }
}
