package io.flotilla.pilot.feed;

import io.flotilla.config.model.Kind;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.Moves;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Groups;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The mesh at one generation.
 *
 * @param generation what it was made from
 * @param snapshot   the mesh
 * @param changed    kinds of the objects that differ from the state before
 * @param moves      what may differ from the state before, where little does; empty where anything may that the kinds
 *                   say
 * @param held       of which namespaces it has endpoints and workloads
 * @param arrived    when, by {@link System#nanoTime}
 */
public record MeshState(
        Generation generation,
        MeshSnapshot snapshot,
        Set<Kind> changed,
        Optional<Moves> moves,
        Groups held,
        long arrived) {
    public MeshState {
        changed = Set.copyOf(changed);
    }

    /** A state of everything that may differ in anything that these kinds say. */
    public MeshState(Generation generation, MeshSnapshot snapshot, Set<Kind> changed, long arrived) {
        this(generation, snapshot, changed, Optional.empty(), Groups.ALL, arrived);
    }

    /** This state, with what an earlier one changed that nobody has looked at. */
    public MeshState after(MeshState earlier) {
        Set<Kind> all = new HashSet<>(earlier.changed);
        all.addAll(changed);
        return new MeshState(
                generation,
                snapshot,
                all,
                moves.flatMap(later -> earlier.moves.map(first -> first.and(later))),
                held,
                earlier.arrived);
    }
}
