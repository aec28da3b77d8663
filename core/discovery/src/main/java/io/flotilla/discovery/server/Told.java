package io.flotilla.discovery.server;

import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.Stamps;
import io.flotilla.discovery.StateVersion;
import io.flotilla.discovery.Utf8;
import io.flotilla.discovery.wire.Texts;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client says that it holds, by name. It is compared as it lies in the message; only what the server does not
 * have is made into strings.
 */
final class Told extends AbstractMap<String, String> implements Stamps.Known {
    private static final Utf8 WHOLE_TYPE = Utf8.of(DiscoverySource.WHOLE_TYPE);

    private final Texts names;
    private final Texts versions;
    private long newest = -1;
    // With which most versions end, since most were sent at the same moment; nothing where it is not known.
    private @Nullable Utf8 stamp;
    private @Nullable Map<String, String> decoded;

    Told(Texts names, Texts versions) {
        this.names = names;
        this.versions = versions;
    }

    static Told of(Map<String, String> told) {
        return told instanceof Told already
                ? already
                : new Told(Texts.of(List.copyOf(told.keySet())), Texts.of(List.copyOf(told.values())));
    }

    /** The newest stamp among the versions; 0 where none has one. */
    @Override
    public long newest() {
        if (newest < 0) {
            long found = 0;
            Utf8 last = null;
            for (int i = 0; i < names.size(); i++) {
                if (last == null || last.length() == 0 || !versions.endsWith(i, last)) {
                    Utf8 version = versions.utf8(i);
                    found = Math.max(found, Resource.stamp(version.toString()));
                    last = version.from('@');
                }
                if (names.utf8(i).equals(WHOLE_TYPE)) {
                    found = Math.max(found, whole(versions.get(i)));
                }
            }
            newest = found;
            stamp = last == null || last.length() == 0 ? null : last;
        }
        return newest;
    }

    private static long whole(String version) {
        return StateVersion.parse(version)
                .map(state -> state.generation().stamp())
                .orElse(0L);
    }

    /** What that means beside what it is to hold. */
    Holding beside(ResourceSet now) {
        BitSet same = new BitSet(now.size());
        List<Resource> others = new ArrayList<>();
        List<Resource> all = now.resources();
        for (int i = 0; i < names.size(); i++) {
            int position = now.position(names.utf8(i));
            Utf8 version = unstamped(i);
            if (position >= 0 && now.has(position, version)) {
                same.set(position);
            } else {
                String name = position >= 0 ? all.get(position).name() : names.get(i);
                others.add(Resource.told(name, version.toString()));
            }
        }
        return new Holding(now, same, others);
    }

    private Utf8 unstamped(int index) {
        Utf8 common = stamp;
        Utf8 version = versions.utf8(index);
        // A stamp begins with the last mark of a version: another version that ends so has its last mark there, too.
        return common != null && versions.endsWith(index, common)
                ? version.first(version.length() - common.length())
                : Resource.withoutStamp(version);
    }

    /**
     * What a client holds.
     *
     * @param now    what it is to hold
     * @param same   what of it it has
     * @param others what it has beside, or in another version
     */
    record Holding(ResourceSet now, BitSet same, List<Resource> others) {
        /**
         * As a set; that which all others have too, where it has all that it is to have.
         *
         * @param all whether that is everything there is; else a name that it wants and did not tell is owed anyway
         */
        ResourceSet set(boolean all) {
            if (others.isEmpty() && (!all || same.cardinality() == now.size())) {
                return now;
            }
            List<Resource> resources = now.resources();
            List<Resource> held = new ArrayList<>(same.cardinality() + others.size());
            same.stream().forEach(position -> held.add(resources.get(position)));
            held.addAll(others);
            return ResourceSet.told(held);
        }

        /** Whether it has exactly what it is to hold. */
        boolean complete() {
            return others.isEmpty() && same.cardinality() == now.size();
        }

        /** The names, and with them, where they are of groups, the names of the groups. */
        Set<String> names(boolean grouped) {
            List<Resource> resources = now.resources();
            Set<String> names = new HashSet<>();
            same.stream().forEach(position -> add(resources.get(position).name(), grouped, names));
            others.forEach(other -> add(other.name(), grouped, names));
            return names;
        }

        private static void add(String name, boolean grouped, Set<String> into) {
            into.add(name);
            if (grouped && name.indexOf('/') > 0) {
                into.add(name.substring(0, name.lastIndexOf('/')));
            }
        }
    }

    @Override
    public boolean isEmpty() {
        return names.isEmpty();
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
        Map<String, String> known = decoded;
        if (known == null) {
            known = LinkedHashMap.newLinkedHashMap(names.size());
            for (int i = 0; i < names.size(); i++) {
                known.put(names.get(i), versions.get(i));
            }
            known = Collections.unmodifiableMap(known);
            decoded = known;
        }
        return known.entrySet();
    }
}
