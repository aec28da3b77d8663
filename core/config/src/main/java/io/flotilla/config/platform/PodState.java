package io.flotilla.config.platform;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.store.SortedIndex;
import io.flotilla.config.store.SortedTree;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The workloads of one namespace by name and address. Immutable; a change costs the logarithm of their number. */
final class PodState {
    private final SortedTree<String, Workload> pods;
    private final SortedTree<String, Workload> entries;
    // Of both, by the names under which they are held.
    private final SortedIndex<String> addresses;

    private PodState(
            SortedTree<String, Workload> pods, SortedTree<String, Workload> entries, SortedIndex<String> addresses) {
        this.pods = pods;
        this.entries = entries;
        this.addresses = addresses;
    }

    static PodState empty() {
        return new PodState(SortedTree.empty(), SortedTree.empty(), SortedIndex.empty());
    }

    /** With this pod in the place of the one of its name; null: without it. */
    PodState withPod(String name, @Nullable Workload pod) {
        return new PodState(put(pods, name, pod), entries, moved(name, pods.get(name), pod));
    }

    /** With this entry in the place of the one of its name; null: without it. */
    PodState withEntry(String name, @Nullable Workload entry) {
        String held = name + Entries.SUFFIX;
        return new PodState(pods, put(entries, held, entry), moved(held, entries.get(held), entry));
    }

    private static SortedTree<String, Workload> put(
            SortedTree<String, Workload> tree, String name, @Nullable Workload workload) {
        return workload == null ? tree.without(name) : tree.with(name, workload);
    }

    private SortedIndex<String> moved(String name, @Nullable Workload before, @Nullable Workload now) {
        return addresses.moved(name, own(before), own(now));
    }

    private static List<String> own(@Nullable Workload workload) {
        return workload == null || workload.getHostNetwork() ? List.of() : workload.getAddressesList();
    }

    /** A pod. */
    @Nullable
    Workload pod(String name) {
        return pods.get(name);
    }

    /** A declared workload. */
    @Nullable
    Workload entry(String name) {
        return entries.get(name + Entries.SUFFIX);
    }

    /** The workload that has one of these addresses as its own; of several the first by name. */
    @Nullable
    Workload byAddress(Collection<String> wanted) {
        for (String address : wanted) {
            List<String> names = addresses.of(address);
            if (!names.isEmpty()) {
                Workload pod = pods.get(names.getFirst());
                return pod == null ? entries.get(names.getFirst()) : pod;
            }
        }
        return null;
    }

    /** All pods, sorted by name. */
    Collection<Workload> pods() {
        return pods.values();
    }

    /** All declared workloads, sorted by name. */
    Collection<Workload> entries() {
        return entries.values();
    }
}
