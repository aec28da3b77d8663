package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.LoadBalancerSettings;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import java.util.stream.Stream;

/** How a DestinationRule balances, wherever it tells it: for all, for a subset, for a port. */
public final class Balancers {
    private Balancers() {}

    /** Whether any requests are balanced by a hash, which their routes tell; other routes depend on no DestinationRule. */
    public static boolean hash(DestinationRule rule) {
        return rule.getTrafficPolicy().getLoadBalancer().hasConsistentHash()
                || of(rule).anyMatch(LoadBalancerSettings::hasConsistentHash);
    }

    static Stream<LoadBalancerSettings> of(DestinationRule rule) {
        Stream<TrafficPolicy> policies = Stream.concat(
                Stream.of(rule.getTrafficPolicy()),
                rule.getSubsetsList().stream().map(subset -> subset.getTrafficPolicy()));
        return policies.flatMap(policy -> Stream.concat(
                Stream.of(policy.getLoadBalancer()),
                policy.getPortLevelSettingsList().stream().map(port -> port.getLoadBalancer())));
    }
}
