package io.flotilla.pilot.push;

import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.PeerIdentities;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Expected identities that widen at once and narrow with delay: an endpoint that leaves changes no cluster, so that a
 * rollout does not rebuild connections.
 */
final class RememberedPeers implements PeerIdentities {
    private final Duration memory;
    private Map<String, Seen> seen = new HashMap<>();
    private IdentityHashMap<MeshService, Seen> byService = new IdentityHashMap<>();

    /**
     * What is known of one service.
     *
     * @param endpoints of its ports, as the snapshot gave them: the same lists hold the same identities
     * @param present   identities of these endpoints
     * @param left      identities that are gone, and since when
     * @param expected  both, sorted; the same list for as long as nothing changes
     */
    private record Seen(
            List<List<MeshEndpoint>> endpoints,
            List<String> present,
            Map<String, Instant> left,
            List<String> expected) {
        private static final Seen NOTHING = new Seen(List.of(), List.of(), Map.of(), List.of());

        boolean of(List<List<MeshEndpoint>> others) {
            if (endpoints.size() != others.size()) {
                return false;
            }
            for (int i = 0; i < others.size(); i++) {
                if (endpoints.get(i) != others.get(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    RememberedPeers(Duration memory) {
        this.memory = memory;
    }

    /** Looks at the mesh as it is now; the hosts of services whose identities are others than before. */
    Set<String> observe(MeshSnapshot snapshot, Instant now) {
        Set<String> changed = new HashSet<>();
        Map<String, Seen> next = HashMap.newHashMap(seen.size() + 1);
        IdentityHashMap<MeshService, Seen> services = new IdentityHashMap<>();
        for (MeshService service : snapshot.services()) {
            Seen before = seen.getOrDefault(key(service), Seen.NOTHING);
            Seen after = next(snapshot, service, before, now);
            if (!after.expected().equals(before.expected())) {
                changed.add(service.hostname());
            }
            next.put(key(service), after);
            services.put(service, after);
        }
        seen = next;
        byService = services;
        return changed;
    }

    /** Looks at some services alone: all others are as they were. */
    Set<String> observe(MeshSnapshot snapshot, Collection<MeshService> some, Instant now) {
        Set<String> changed = new HashSet<>();
        for (MeshService service : some) {
            Seen before = seen.getOrDefault(key(service), Seen.NOTHING);
            Seen after = next(snapshot, service, before, now);
            if (!after.expected().equals(before.expected())) {
                changed.add(service.hostname());
            }
            seen.put(key(service), after);
            byService.put(service, after);
        }
        return changed;
    }

    private Seen next(MeshSnapshot snapshot, MeshService service, Seen before, Instant now) {
        List<List<MeshEndpoint>> endpoints = new ArrayList<>(service.ports().size());
        service.ports().forEach(port -> endpoints.add(snapshot.endpoints(service, port.number())));
        boolean same = before.of(endpoints);
        if (same && before.left().isEmpty()) {
            return before;
        }
        List<String> present =
                same ? before.present() : PeerIdentities.ofEndpoints().of(snapshot, service);
        Map<String, Instant> left = new TreeMap<>(before.left());
        before.present().forEach(identity -> left.putIfAbsent(identity, now));
        left.keySet().removeAll(present);
        left.values().removeIf(since -> since.plus(memory).isBefore(now));
        TreeSet<String> all = new TreeSet<>(present);
        all.addAll(left.keySet());
        List<String> expected = List.copyOf(all);
        return new Seen(endpoints, present, left, expected.equals(before.expected()) ? before.expected() : expected);
    }

    @Override
    public List<String> of(MeshSnapshot snapshot, MeshService service) {
        Seen known = byService.get(service);
        return (known == null ? seen.getOrDefault(key(service), Seen.NOTHING) : known).expected();
    }

    private static String key(MeshService service) {
        return service.namespace() + "/" + service.hostname();
    }
}
