package io.flotilla.pilot.push;

import io.flotilla.envoy.patch.PatchSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the guilty among several suspects by halves: a group comes back into force, alone of all; taken, it is innocent,
 * refused, its halves are tried. Of n suspects there are at most 2n trials, and a content that failed by itself has no
 * other. Not for several threads.
 */
final class Trials {
    private final Deque<Set<PatchSource>> groups = new ArrayDeque<>();
    private Set<PatchSource> current = Set.of();
    private boolean seen;

    /** The group that is in force at this moment; empty for none. */
    Set<PatchSource> current() {
        return current;
    }

    /** All that are tried or will be. */
    Set<PatchSource> pending() {
        Set<PatchSource> all = new TreeSet<>(current);
        groups.forEach(all::addAll);
        return all;
    }

    /** These were refused together; one alone is guilty and not tried. */
    void suspected(Set<PatchSource> together) {
        halves(together).forEach(groups::addLast);
    }

    /** Takes the next group; false where there is none, or one is being tried. */
    boolean begin() {
        if (!current.isEmpty() || groups.isEmpty()) {
            return false;
        }
        current = groups.removeFirst();
        seen = false;
        return true;
    }

    /** The group was taken. */
    void passed() {
        current = Set.of();
    }

    /** Of the group these were refused: the others wait for another trial. */
    void failed(Set<PatchSource> guilty) {
        Set<PatchSource> others = new TreeSet<>(current);
        others.removeAll(guilty);
        current = Set.of();
        if (!others.isEmpty()) {
            groups.addLast(others);
        }
        List<Set<PatchSource>> halves = halves(guilty);
        for (int i = halves.size() - 1; i >= 0; i--) {
            groups.addFirst(halves.get(i));
        }
    }

    /** Whether the group was already there when this was last asked. */
    boolean overdue() {
        boolean before = seen;
        seen = !current.isEmpty();
        return before && seen;
    }

    /** Contents that are not among these are not to be tried. */
    void retain(Collection<PatchSource> sources) {
        List<Set<PatchSource>> all = List.copyOf(groups);
        groups.clear();
        all.forEach(group -> {
            Set<PatchSource> rest = new TreeSet<>(group);
            rest.retainAll(sources);
            if (!rest.isEmpty()) {
                groups.addLast(rest);
            }
        });
        Set<PatchSource> rest = new TreeSet<>(current);
        rest.retainAll(sources);
        current = rest;
    }

    private static List<Set<PatchSource>> halves(Set<PatchSource> group) {
        if (group.size() < 2) {
            return List.of();
        }
        List<PatchSource> sorted = new ArrayList<>(new TreeSet<>(group));
        int middle = (sorted.size() + 1) / 2;
        return List.of(new TreeSet<>(sorted.subList(0, middle)), new TreeSet<>(sorted.subList(middle, sorted.size())));
    }
}
