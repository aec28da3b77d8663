package io.flotilla.gateway.process;

import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import java.time.Duration;

/**
 * How long connections go on that are no longer wanted.
 *
 * @param removed those of a listener or chain that is taken away or changed (Envoy: --drain-time-s, whole seconds)
 * @param ending  requests that are under way when the gateway itself stops
 */
public record DrainTimes(Duration removed, Duration ending) {
    /** As a ProxyConfig says it (drainDuration, terminationDrainDuration); what that leaves out is {@code standard}. */
    public static DrainTimes of(ProxyConfig proxy, Duration standard) {
        return new DrainTimes(
                proxy.hasDrainDuration() ? duration(proxy.getDrainDuration()) : standard,
                proxy.hasTerminationDrainDuration() ? duration(proxy.getTerminationDrainDuration()) : standard);
    }

    private static Duration duration(com.google.protobuf.Duration given) {
        return Duration.ofSeconds(given.getSeconds(), given.getNanos());
    }
}
