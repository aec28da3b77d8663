package io.flotilla.envoy.bootstrap;

import java.util.List;
import java.util.Optional;

/**
 * All that decides a bootstrap.
 *
 * @param node         who the Envoy is
 * @param controlPlane whom it asks
 * @param listeners    where it listens from the start
 * @param probes       of the applications beside it; none at a gateway
 * @param tuning       limits
 * @param edgeSecrets  where a gateway's Envoy asks for the certificates of its servers; empty for sidecars
 */
public record BootstrapSettings(
        ProxyNode node,
        ControlPlane controlPlane,
        StaticListeners listeners,
        List<AppProbe> probes,
        ProxyTuning tuning,
        Optional<EdgeSecrets> edgeSecrets) {
    public BootstrapSettings {
        probes = List.copyOf(probes);
    }
}
