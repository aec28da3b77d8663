package io.flotilla.pilot.push;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.Identity;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.route.DiscoveredHosts;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes bytes of messages. What is there already is not made again: a message of which the caches gave the same object
 * as before keeps its bytes, views that share a list share its set, and equal sets of different rounds are one set.
 */
final class Packer {
    private static final int FEW = 64;

    /** Bytes of a message from which on its serialised form is worth more than making it again. */
    private static final int LARGE = 32 * 1024;

    private final Map<String, WeakReference<ResourceSet>> known = new HashMap<>();
    // Looked through when it has doubled: not at every change.
    private int most = FEW;

    private record Bytes(String name, Message message) {
        Resource pack() {
            return Resource.of(name, message);
        }
    }

    private record LargeBytes(Bytes of) {}

    /** Bytes that are made anew when no set has them any more: caches remember many rounds, each with its own. */
    private static final class Repacked {
        private final Bytes from;
        private WeakReference<Resource> known = new WeakReference<>(null);

        Repacked(LargeBytes key) {
            from = key.of();
        }

        synchronized Resource get() {
            Resource resource = known.get();
            if (resource == null) {
                resource = from.pack();
                known = new WeakReference<>(resource);
            }
            return resource;
        }
    }

    private record Step(Identity before, Identity after, String url) {}

    /**
     * Where two lists differ: they have the very same elements before {@code from}, and from these places to their ends.
     *
     * @param before where the rest of the earlier one begins
     * @param after  where the rest of the later one begins
     */
    private record Ends(int from, int before, int after) {
        // Of all resources of a mesh mostly one differs: arrays are looked through faster than lists.
        static Ends of(List<? extends Message> earlier, List<? extends Message> later) {
            Object[] one = earlier.toArray();
            Object[] other = later.toArray();
            int from = 0;
            while (from < one.length && from < other.length && one[from] == other[from]) {
                from++;
            }
            int before = one.length;
            int after = other.length;
            while (before > from && after > from && one[before - 1] == other[after - 1]) {
                before--;
                after--;
            }
            return new Ends(from, before, after);
        }
    }

    /** What one list of messages became. */
    record Typed(List<? extends Message> messages, ResourceSet set) {
        static final Typed NOTHING = new Typed(List.of(), ResourceSet.EMPTY);
    }

    /** Routes without their hosts, and the hosts. */
    record Hosted(List<RouteConfiguration> routes, ResourceSet bases, ResourceSet hosts) {
        static final Hosted NOTHING = new Hosted(List.of(), ResourceSet.EMPTY, ResourceSet.EMPTY);
    }

    /**
     * The next set of a type.
     *
     * @param messages sorted by name, as those before were
     */
    Typed next(String url, Typed before, List<? extends Message> messages, Scope.Caches caches) {
        if (before.messages() == messages) {
            return before;
        }
        Step step = new Step(Identity.of(before.messages()), Identity.of(messages), url);
        return caches.round().get(step, key -> step(url, before, messages, caches));
    }

    private Typed step(String url, Typed before, List<? extends Message> messages, Scope.Caches caches) {
        List<Resource> changed = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        List<Resource> held = before.set().resources();
        Ends ends = Ends.of(before.messages(), messages);
        int i = ends.from();
        int j = ends.from();
        while (i < ends.before() || j < ends.after()) {
            if (i < ends.before() && j < ends.after() && before.messages().get(i) == messages.get(j)) {
                i++;
                j++;
                continue;
            }
            String name = j < ends.after() ? EnvoyResources.name(messages.get(j)) : "";
            int order = i == ends.before()
                    ? 1
                    : j == ends.after() ? -1 : held.get(i).name().compareTo(name);
            if (order < 0) {
                removed.add(held.get(i++).name());
            } else {
                changed.add(pack(name, messages.get(j++), caches));
                i += order == 0 ? 1 : 0;
            }
        }
        return new Typed(messages, one(url, before.set().with(changed, removed)));
    }

    /** The next routes of views that discover hosts. */
    Hosted next(Hosted before, List<RouteConfiguration> routes, Scope.Caches caches) {
        if (before.routes() == routes) {
            return before;
        }
        Step step = new Step(Identity.of(before.routes()), Identity.of(routes), TypeUrls.VIRTUAL_HOST);
        return caches.round().get(step, key -> step(before, routes, caches));
    }

    private Hosted step(Hosted before, List<RouteConfiguration> routes, Scope.Caches caches) {
        Map<String, RouteConfiguration> earlier = new HashMap<>();
        before.routes().forEach(each -> earlier.put(each.getName(), each));
        List<Resource> bases = new ArrayList<>();
        List<Resource> changed = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        for (RouteConfiguration whole : routes) {
            RouteConfiguration base = DiscoveredHosts.base(whole, caches.lasting());
            bases.add(pack(base.getName(), base, caches));
            RouteConfiguration known = earlier.remove(whole.getName());
            hosts(known == null ? RouteConfiguration.getDefaultInstance() : known, whole, changed, removed, caches);
        }
        earlier.values().forEach(gone -> removed.addAll(names(gone)));
        return new Hosted(
                routes,
                one(TypeUrls.ROUTE, ResourceSet.of(bases)),
                one(TypeUrls.VIRTUAL_HOST, before.hosts().with(changed, removed)));
    }

    // A host that is the same object at the same place is not looked at.
    @SuppressWarnings("ReferenceEquality")
    private static void hosts(
            RouteConfiguration before,
            RouteConfiguration whole,
            List<Resource> changed,
            List<String> removed,
            Scope.Caches caches) {
        if (before == whole) {
            return;
        }
        // What comes or goes moves all that follow, mostly by the same number of places; between the ends names decide.
        boolean aligned = before.getVirtualHostsCount() == whole.getVirtualHostsCount();
        Ends ends = Ends.of(before.getVirtualHostsList(), whole.getVirtualHostsList());
        Set<VirtualHost> same = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<String> gone = new HashSet<>();
        for (int i = ends.from(); i < ends.before(); i++) {
            VirtualHost host = before.getVirtualHosts(i);
            if (!aligned || host != whole.getVirtualHosts(i)) {
                same.add(host);
                gone.add(DiscoveredHosts.name(before, host));
            }
        }
        for (int i = ends.from(); i < ends.after(); i++) {
            VirtualHost host = whole.getVirtualHosts(i);
            if (!aligned || host != before.getVirtualHosts(i)) {
                if (!same.contains(host)) {
                    changed.add(hosted(whole, host, caches));
                }
                gone.remove(DiscoveredHosts.name(whole, host));
            }
        }
        removed.addAll(gone);
    }

    private static List<String> names(RouteConfiguration whole) {
        return whole.getVirtualHostsList().stream()
                .map(host -> DiscoveredHosts.name(whole, host))
                .toList();
    }

    private static Resource hosted(RouteConfiguration whole, VirtualHost host, Scope.Caches caches) {
        VirtualHost named = DiscoveredHosts.host(whole, host, caches.lasting());
        return pack(named.getName(), named, caches);
    }

    private static Resource pack(String name, Message message, Scope.Caches caches) {
        Bytes bytes = new Bytes(name, message);
        return message.getSerializedSize() < LARGE
                ? caches.lasting().get(bytes, Bytes::pack)
                : caches.lasting().get(new LargeBytes(bytes), Repacked::new).get();
    }

    // A set that another view has already: streams of both then take the same steps.
    private ResourceSet one(String url, ResourceSet fresh) {
        String key = url + fresh.version();
        WeakReference<ResourceSet> reference = known.get(key);
        ResourceSet same = reference == null ? null : reference.get();
        if (same != null && same.size() == fresh.size()) {
            return same;
        }
        known.put(key, new WeakReference<>(fresh));
        return fresh;
    }

    /** Forgets sets that no view has. */
    void endRound() {
        if (known.size() > most) {
            known.values().removeIf(reference -> reference.get() == null);
            most = Math.max(FEW, 2 * known.size());
        }
    }
}
