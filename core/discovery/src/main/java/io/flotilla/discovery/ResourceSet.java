package io.flotilla.discovery;

import com.google.protobuf.ByteString;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All resources of one type in one view: immutable, sorted by name, with a version of the whole. */
public final class ResourceSet {
    public static final ResourceSet EMPTY = new ResourceSet(new Resource[0]);

    private final Resource[] sorted;
    private final Map<String, Resource> byName = new ByName();
    private final boolean told;
    // Null until somebody wants to know.
    private volatile ContentHash.@Nullable Sum sum;
    private volatile @Nullable String version;
    // Null until somebody asks for a name that is no string.
    private volatile @Nullable NameIndex names;

    private ResourceSet(Resource[] sorted) {
        this(sorted, false);
    }

    private ResourceSet(Resource[] sorted, boolean told) {
        this.sorted = sorted;
        this.told = told;
    }

    /** What one peer says that it holds: some of what it is to hold, and names and versions of the rest. */
    public static ResourceSet told(Collection<Resource> held) {
        Resource[] all = held.toArray(Resource[]::new);
        if (!ascending(all)) {
            // A name that is told twice means what it means the last time, as in protobuf's maps.
            TreeMap<String, Resource> byName = new TreeMap<>();
            held.forEach(resource -> byName.put(resource.name(), resource));
            all = byName.values().toArray(Resource[]::new);
        }
        return all.length == 0 ? EMPTY : new ResourceSet(all, true);
    }

    /** Whether one peer told this, so that no other holds the same object. */
    public boolean told() {
        return told;
    }

    /** The last of several resources of one name wins. */
    public static ResourceSet of(Collection<Resource> resources) {
        Resource[] given = resources.toArray(Resource[]::new);
        if (given.length > 0 && ascending(given)) {
            return new ResourceSet(given);
        }
        TreeMap<String, Resource> byName = new TreeMap<>();
        resources.forEach(resource -> byName.put(resource.name(), resource));
        return byName.isEmpty() ? EMPTY : new ResourceSet(byName.values().toArray(Resource[]::new));
    }

    private static boolean ascending(Resource[] resources) {
        for (int i = 1; i < resources.length; i++) {
            if (resources[i - 1].name().compareTo(resources[i].name()) >= 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * This set after a change; this very set where the change is none. A name in both is changed. Costs a copy of
     * references, and of the rest only what the change is large.
     */
    public ResourceSet with(Collection<Resource> changed, Collection<String> removed) {
        TreeMap<String, @Nullable Resource> edits = new TreeMap<>();
        for (String name : removed) {
            if (index(name) >= 0) {
                edits.put(name, null);
            }
        }
        changed.forEach(resource -> edits.put(resource.name(), resource));
        if (edits.isEmpty()) {
            return this;
        }
        Resource[] merged = new Resource[sorted.length + edits.size()];
        int from = 0;
        int to = 0;
        ContentHash.Sum known = sum;
        ContentHash.Sum moved = ContentHash.Sum.ZERO;
        for (Map.Entry<String, @Nullable Resource> edit : edits.entrySet()) {
            int found = index(edit.getKey());
            int at = found >= 0 ? found : -found - 1;
            System.arraycopy(sorted, from, merged, to, at - from);
            to += at - from;
            from = at;
            if (found >= 0) {
                moved = known == null ? moved : moved.minus(stamp(sorted[at]));
                from++;
            }
            Resource after = edit.getValue();
            if (after != null) {
                moved = known == null ? moved : moved.plus(stamp(after));
                merged[to++] = after;
            }
        }
        System.arraycopy(sorted, from, merged, to, sorted.length - from);
        to += sorted.length - from;
        if (to == 0) {
            return EMPTY;
        }
        ResourceSet after = new ResourceSet(to == merged.length ? merged : Arrays.copyOf(merged, to));
        if (known != null) {
            after.sum = known.plus(moved);
        }
        return after;
    }

    public @Nullable Resource get(String name) {
        int index = index(name);
        return index < 0 ? null : sorted[index];
    }

    /** Which of {@link #resources} has this name; -1 for none. */
    public int position(Utf8 name) {
        return names().find(name);
    }

    /** Whether what is at a position has content and this version, which is one without a stamp. */
    public boolean has(int position, Utf8 version) {
        return names().has(position, version);
    }

    private NameIndex names() {
        NameIndex known = names;
        return known == null ? indexed() : known;
    }

    // Two hundred streams that come at once wait for one index rather than making two hundred.
    private synchronized NameIndex indexed() {
        NameIndex known = names;
        if (known == null) {
            known = new NameIndex(sorted);
            names = known;
        }
        return known;
    }

    // Where it is, or as a negative number where it would be.
    private int index(String name) {
        int low = 0;
        int high = sorted.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = sorted[middle].name().compareTo(name);
            if (order == 0) {
                return middle;
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    public int size() {
        return sorted.length;
    }

    /** The resources whose names begin with this and a slash, sorted by name. */
    public List<Resource> group(String name) {
        // What follows a slash in the order of characters is what a name with the next character would.
        return resources().subList(begin(name + '/'), begin(name + (char) ('/' + 1)));
    }

    private int begin(String name) {
        int found = index(name);
        return found >= 0 ? found : -found - 1;
    }

    /** The resources, sorted by name. */
    public List<Resource> resources() {
        return Collections.unmodifiableList(Arrays.asList(sorted));
    }

    public Map<String, Resource> byName() {
        return byName;
    }

    /** What {@link #resources} is a view of; nobody writes into it. */
    Resource[] array() {
        return sorted;
    }

    /**
     * Hash over names and versions, as 32 hexadecimal digits. It is the sum of a hash of each resource, so that a set
     * that was made from another one by a small change knows its own at once.
     */
    public String version() {
        String known = version;
        if (known == null) {
            known = sum().toString();
            version = known;
        }
        return known;
    }

    private ContentHash.Sum sum() {
        ContentHash.Sum known = sum;
        if (known == null) {
            known = ContentHash.Sum.ZERO;
            for (Resource resource : sorted) {
                known = known.plus(stamp(resource));
            }
            sum = known;
        }
        return known;
    }

    private static ContentHash.Sum stamp(Resource resource) {
        return ContentHash.Sum.of(ByteString.copyFromUtf8(resource.name() + '\0' + resource.version()));
    }

    /** A map over the sorted array: a set of a thousand costs eight kilobytes, not eighty. */
    private final class ByName extends AbstractMap<String, Resource> {
        @Override
        public @Nullable Resource get(@Nullable Object name) {
            return name instanceof String text ? ResourceSet.this.get(text) : null;
        }

        @Override
        public boolean containsKey(@Nullable Object name) {
            return get(name) != null;
        }

        @Override
        public Set<Entry<String, Resource>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public Iterator<Entry<String, Resource>> iterator() {
                    return Arrays.stream(sorted)
                            .<Entry<String, Resource>>map(resource -> Map.entry(resource.name(), resource))
                            .iterator();
                }

                @Override
                public int size() {
                    return sorted.length;
                }
            };
        }
    }
}
