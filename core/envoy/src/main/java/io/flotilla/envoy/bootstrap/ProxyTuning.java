package io.flotilla.envoy.bootstrap;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Limits and details of an Envoy.
 *
 * @param maxConnections downstream connections that it accepts at once; the static listeners do not count
 * @param maxHeapBytes   heap beyond which it stops to accept requests; empty for no limit
 * @param statsPrefixes  statistics that it keeps, beside those that the mesh needs
 * @param socketMark     SO_MARK of its upstream connections, by which capture knows them where no user id tells them
 *                       apart; needs NET_ADMIN in the network namespace
 * @param probeSource    address that probes come from, which capture leaves alone; empty without capture
 */
public record ProxyTuning(
        long maxConnections,
        OptionalLong maxHeapBytes,
        List<String> statsPrefixes,
        OptionalLong socketMark,
        Optional<String> probeSource) {
    /** Source address of what the sidecar itself sends to its application (Istio's "inbound passthrough" address). */
    public static final String LOOPBACK_SOURCE = "127.0.0.6";

    public ProxyTuning {
        statsPrefixes = List.copyOf(statsPrefixes);
    }

    /** For a pod whose traffic is captured, Envoy's own told apart by its user id. */
    public static final ProxyTuning DEFAULT = new ProxyTuning(
            100_000, OptionalLong.empty(), List.of(), OptionalLong.empty(), Optional.of(LOOPBACK_SOURCE));
}
