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

    /** Walks both sorted sets once. */
    public static ResourceDiff between(ResourceSet from, ResourceSet to) {
        if (from == to) {
            return NONE;
        }
        List<Resource> changed = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        List<Resource> old = from.resources();
        List<Resource> now = to.resources();
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
                i++;
                j++;
                continue;
            }
            int order = i == old.size()
                    ? 1
                    : j == now.size()
                            ? -1
                            : old.get(i).name().compareTo(now.get(j).name());
            if (order < 0) {
                removed.add(old.get(i++).name());
            } else if (order > 0) {
                changed.add(now.get(j++));
            } else {
                Resource before = old.get(i++);
                Resource after = now.get(j++);
                if (!before.version().equals(after.version())) {
                    changed.add(after);
                }
            }
        }
        return new ResourceDiff(changed, removed);
    }
}
