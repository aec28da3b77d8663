package io.flotilla.discovery;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which groups ({@link TypeUrls#grouped}) of the types that come in groups somebody wants, or holds; of all other types it
 * is always everything.
 *
 * @param all   every group, whichever there will be
 * @param names of the groups otherwise; sorted
 */
public record Groups(boolean all, Set<String> names) {
    public static final Groups ALL = new Groups(true, Set.of());

    // In a view, the names of the groups that it holds are resources of this type; a view without it holds all.
    private static final String TYPE_URL = "flotilla.discovery/Groups";

    public Groups {
        names = java.util.Collections.unmodifiableSet(new TreeSet<>(names));
    }

    /** These, and no others. */
    public static Groups of(Collection<String> names) {
        return new Groups(false, Set.copyOf(names));
    }

    /** What a view holds. */
    public static Groups of(View view) {
        ResourceSet named = view.types().get(TYPE_URL);
        return named == null ? ALL : of(named.byName().keySet());
    }

    /** Whether who has these has those too. */
    public boolean covers(Groups others) {
        return all || (!others.all && names.containsAll(others.names));
    }

    /** Whether this group is among them. */
    public boolean has(String group) {
        return all || names.contains(group);
    }

    /** These and those. */
    public Groups and(Groups others) {
        if (covers(others)) {
            return this;
        }
        Set<String> both = new TreeSet<>(names);
        both.addAll(others.names);
        return others.all ? ALL : of(both);
    }

    /** The group that a resource is in, by its name, "GROUP/NAME". */
    public static String group(String resource) {
        return resource.substring(0, Math.max(0, resource.lastIndexOf('/')));
    }

    /** What of a type is in these groups: the set itself where that is all of it. */
    public ResourceSet within(String typeUrl, ResourceSet resources) {
        return all || !TypeUrls.grouped(typeUrl)
                ? resources
                : resources.with(
                        java.util.List.of(),
                        resources.resources().stream()
                                .map(Resource::name)
                                .filter(name -> !names.contains(group(name)))
                                .toList());
    }

    /** A view of these types that says which groups it holds, so that it is kept with them. */
    public View view(Generation generation, Map<String, ResourceSet> types) {
        Map<String, ResourceSet> marked = new HashMap<>(types);
        marked.remove(TYPE_URL);
        if (!all) {
            marked.put(
                    TYPE_URL,
                    names.stream()
                            .map(name -> new Resource(name, "", ByteString.EMPTY))
                            .collect(Collectors.collectingAndThen(Collectors.toList(), ResourceSet::of)));
        }
        return new View(generation, marked);
    }
}
