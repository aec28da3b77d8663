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
 * @param cache    what was built before
 * @param tuning   settings
 */
public record Scope(MeshSnapshot snapshot, ProxyView view, PeerIdentities peers, ResourceCache cache, Tuning tuning) {
    public MeshSettings settings() {
        return snapshot.settings();
    }

    /** The services that the proxy sees. */
    public List<MeshService> services() {
        return snapshot.visibleServices(view.namespace());
    }
}
