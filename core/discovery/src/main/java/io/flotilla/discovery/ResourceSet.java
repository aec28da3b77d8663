package io.flotilla.discovery;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All resources of one type in one view: immutable, sorted by name, with a version of the whole. */
public final class ResourceSet {
    public static final ResourceSet EMPTY = new ResourceSet(new TreeMap<>());

    private final SortedMap<String, Resource> byName;
    private final String version;

    private ResourceSet(SortedMap<String, Resource> byName) {
        this.byName = Collections.unmodifiableSortedMap(byName);
        StringBuilder all = new StringBuilder();
        byName.values()
                .forEach(resource -> all.append(resource.name())
                        .append('\0')
                        .append(resource.version())
                        .append('\0'));
        this.version = ContentHash.of(com.google.protobuf.ByteString.copyFromUtf8(all.toString()));
    }

    /** The last of several resources of one name wins. */
    public static ResourceSet of(Collection<Resource> resources) {
        TreeMap<String, Resource> byName = new TreeMap<>();
        resources.forEach(resource -> byName.put(resource.name(), resource));
        return new ResourceSet(byName);
    }

    public @Nullable Resource get(String name) {
        return byName.get(name);
    }

    public Map<String, Resource> byName() {
        return byName;
    }

    /** Hash over names and versions. */
    public String version() {
        return version;
    }
}
