package io.flotilla.envoy;

import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import java.util.List;

/**
 * What one translation works on.
 *
 * @param snapshot the mesh
 * @param view     for whom
 * @param peers    whom clients expect behind a service
 * @param caches   what was built before
 * @param tuning   settings
 */
public record Scope(MeshSnapshot snapshot, ProxyView view, PeerIdentities peers, Caches caches, Tuning tuning) {
    /**
     * Where built things are remembered.
     *
     * @param lasting for all snapshots: its keys hold all inputs
     * @param round   for this very snapshot and these peers: its keys say what of the view matters
     */
    public record Caches(ResourceCache lasting, ResourceCache round) {
        /** Remembers nothing. */
        public static Caches none() {
            return new Caches(ResourceCache.none(), ResourceCache.none());
        }
    }

    public MeshSettings settings() {
        return snapshot.settings();
    }

    public ResourceCache cache() {
        return caches.lasting();
    }

    /** The services that the proxy sees. */
    public List<MeshService> services() {
        return snapshot.visibleServices(view.namespace());
    }

    /** The same work for another view. */
    Scope with(ProxyView other) {
        return new Scope(snapshot, other, peers, caches, tuning);
    }
}
