package io.flotilla.pilot.push;

import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.PeerIdentities;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Expected identities that widen at once and narrow with delay: an endpoint that leaves changes no cluster, so that a
 * rollout does not rebuild connections.
 */
final class RememberedPeers implements PeerIdentities {
    private final Duration memory;
    private final Map<String, TreeMap<String, Instant>> seen = new HashMap<>();

    RememberedPeers(Duration memory) {
        this.memory = memory;
    }

    /** Looks at the mesh as it is now; true where some service's identities are others than before. */
    boolean observe(MeshSnapshot snapshot, Instant now) {
        boolean changed = false;
        Map<String, TreeMap<String, Instant>> kept = new HashMap<>();
        for (MeshService service : snapshot.services()) {
            TreeMap<String, Instant> before = seen.getOrDefault(key(service), new TreeMap<>());
            TreeMap<String, Instant> after = new TreeMap<>(before);
            PeerIdentities.ofEndpoints().of(snapshot, service).forEach(identity -> after.put(identity, now));
            after.values().removeIf(last -> last.plus(memory).isBefore(now));
            changed |= !after.keySet().equals(before.keySet());
            kept.put(key(service), after);
        }
        seen.clear();
        seen.putAll(kept);
        return changed;
    }

    @Override
    public List<String> of(MeshSnapshot snapshot, MeshService service) {
        return List.copyOf(seen.getOrDefault(key(service), new TreeMap<>()).keySet());
    }

    private static String key(MeshService service) {
        return service.namespace() + "/" + service.hostname();
    }
}
