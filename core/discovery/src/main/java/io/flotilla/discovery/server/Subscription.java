package io.flotilla.discovery.server;

import io.flotilla.discovery.Groups;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which names of one type a client wants: by name, or all of them, in the old manner (no name) or the new ("*"); of
 * virtual hosts, also all that are named "NAME/..." (Envoy asks for a route configuration's hosts by its name), and so of
 * a namespace's endpoints and workloads.
 */
final class Subscription {
    private static final String ALL = "*";

    private final boolean namespaced;
    private final SharedNames shared;
    // Never changed: other streams that want the same have the same set.
    private Set<String> names = Set.of();
    private boolean started;
    private boolean wildcard;
    private boolean everNamed;

    /**
     * @param namespaced whether a name also stands for all names that begin with it and a slash
     * @param shared     of all streams
     */
    Subscription(boolean namespaced, SharedNames shared) {
        this.namespaced = namespaced;
        this.shared = shared;
    }

    /**
     * What a request changed.
     *
     * @param owed    names that must be answered, whatever the client holds
     * @param widened whether all names are wanted now and were not before
     * @param any     whether anything is different, or this is the first request
     */
    record Change(Set<String> owed, boolean widened, boolean any) {
        /** Of a request that only answers. */
        static final Change NONE = new Change(Set.of(), false, false);
    }

    boolean wildcard() {
        return wildcard;
    }

    boolean wants(String name) {
        return wildcard || names.contains(name) || (namespaced && names.contains(Groups.group(name)));
    }

    boolean namespaced() {
        return namespaced;
    }

    Set<String> names() {
        return names;
    }

    /** Delta: the first request without a name means all, until "*" is unsubscribed. */
    Change delta(Collection<String> subscribe, List<String> unsubscribe) {
        if (started && subscribe.isEmpty() && unsubscribe.isEmpty()) {
            return Change.NONE;
        }
        boolean first = !started;
        boolean before = wildcard;
        started = true;
        wildcard |= first && subscribe.isEmpty();
        // A set is one that all streams share; it is kept as it is.
        boolean whole = subscribe instanceof Set && !subscribe.contains(ALL);
        Set<String> named = whole ? (Set<String>) subscribe : new LinkedHashSet<>(subscribe);
        boolean all = !whole && named.remove(ALL);
        Set<String> owed = unsubscribe.isEmpty() ? named : new LinkedHashSet<>();
        for (String name : unsubscribe) {
            if (name.equals(ALL)) {
                wildcard = false;
            } else if (names.contains(name) && wildcard) {
                // It is still wanted with all the others: the client asks where it stands.
                owed.add(name);
            }
        }
        wildcard |= all;
        if (owed != named) {
            owed.addAll(named);
        }
        if (!named.isEmpty() || !unsubscribe.isEmpty()) {
            names = whole && names.isEmpty() ? named : shared.with(names, named, unsubscribe);
        }
        boolean any = first || !subscribe.isEmpty() || !unsubscribe.isEmpty();
        return new Change(owed, wildcard && !before, any);
    }

    /** State of the world: each request has all names; none means all only as long as none was ever given. */
    Change world(Collection<String> wanted) {
        boolean first = !started;
        boolean before = wildcard;
        started = true;
        everNamed |= !wanted.isEmpty();
        wildcard = wanted.contains(ALL) || !everNamed;
        Set<String> owed = new LinkedHashSet<>(wanted);
        owed.remove(ALL);
        Set<String> now = shared.shared(SharedNames.unchanging(owed));
        owed.removeAll(names);
        boolean any = first || before != wildcard || !now.equals(names);
        names = now;
        return new Change(owed, wildcard && !before, any);
    }
}
