package io.flotilla.discovery;

import com.google.protobuf.ByteString;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
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
    private volatile @Nullable String version;

    private ResourceSet(Resource[] sorted) {
        this.sorted = sorted;
    }

    /** The last of several resources of one name wins. */
    public static ResourceSet of(Collection<Resource> resources) {
        TreeMap<String, Resource> byName = new TreeMap<>();
        resources.forEach(resource -> byName.put(resource.name(), resource));
        return byName.isEmpty() ? EMPTY : new ResourceSet(byName.values().toArray(Resource[]::new));
    }

    /** This set after a change; this very set where the change is none. A name in both is changed. */
    public ResourceSet with(Collection<Resource> changed, Collection<String> removed) {
        Set<String> gone = new HashSet<>(removed);
        gone.removeIf(name -> get(name) == null);
        if (changed.isEmpty() && gone.isEmpty()) {
            return this;
        }
        Resource[] news = of(changed).sorted;
        List<Resource> merged = new ArrayList<>(sorted.length + news.length);
        int next = 0;
        for (Resource old : sorted) {
            while (next < news.length && news[next].name().compareTo(old.name()) < 0) {
                merged.add(news[next++]);
            }
            if (next < news.length && news[next].name().equals(old.name())) {
                merged.add(news[next++]);
            } else if (!gone.contains(old.name())) {
                merged.add(old);
            }
        }
        merged.addAll(Arrays.asList(news).subList(next, news.length));
        return merged.isEmpty() ? EMPTY : new ResourceSet(merged.toArray(Resource[]::new));
    }

    public @Nullable Resource get(String name) {
        int low = 0;
        int high = sorted.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = sorted[middle].name().compareTo(name);
            if (order == 0) {
                return sorted[middle];
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    public int size() {
        return sorted.length;
    }

    /** The resources, sorted by name. */
    public List<Resource> resources() {
        return Collections.unmodifiableList(Arrays.asList(sorted));
    }

    public Map<String, Resource> byName() {
        return byName;
    }

    /** Hash over names and versions. */
    public String version() {
        String known = version;
        if (known == null) {
            StringBuilder all = new StringBuilder();
            for (Resource resource : sorted) {
                all.append(resource.name())
                        .append('\0')
                        .append(resource.version())
                        .append('\0');
            }
            known = ContentHash.of(ByteString.copyFromUtf8(all.toString()));
            version = known;
        }
        return known;
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
