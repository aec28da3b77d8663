package io.flotilla.discovery;

import java.util.ArrayList;
import java.util.List;

/**
 * What leads from one set to another.
 *
 * @param changed resources that are new or have another version, as they are in the later set, sorted by name
 * @param removed names that the later set lacks, sorted
 */
public record ResourceDiff(List<Resource> changed, List<String> removed) {
    public static final ResourceDiff NONE = new ResourceDiff(List.of(), List.of());

    public ResourceDiff {
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    public boolean isEmpty() {
        return changed.isEmpty() && removed.isEmpty();
    }

    /** Walks both sorted sets once; what both hold as the same object costs one comparison of references. */
    @SuppressWarnings("ReferenceEquality") // resources that are equal and not the same are looked at below
    public static ResourceDiff between(ResourceSet from, ResourceSet to) {
        if (from == to) {
            return NONE;
        }
        List<Resource> changed = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        Resource[] old = from.array();
        Resource[] now = to.array();
        int i = 0;
        int j = 0;
        while (i < old.length || j < now.length) {
            if (i < old.length && j < now.length && old[i] == now[j]) {
                i++;
                j++;
                continue;
            }
            int order =
                    i == old.length ? 1 : j == now.length ? -1 : old[i].name().compareTo(now[j].name());
            if (order < 0) {
                removed.add(old[i++].name());
            } else if (order > 0) {
                changed.add(now[j++]);
            } else {
                Resource before = old[i++];
                Resource after = now[j++];
                if (!before.version().equals(after.version())) {
                    changed.add(after);
                }
            }
        }
        return new ResourceDiff(changed, removed);
    }
}
