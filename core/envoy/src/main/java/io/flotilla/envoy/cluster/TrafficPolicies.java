package io.flotilla.envoy.cluster;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Subset;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;

/** Which parts of a DestinationRule hold for one subset and port. */
public final class TrafficPolicies {
    private TrafficPolicies() {}

    /**
     * The policy in force: the rule's, then the subset's over it. Each component replaces the one below as a whole, and
     * settings of the port replace those of all ports; fields that a port's component leaves out are not inherited.
     *
     * @param subset empty for the whole service
     */
    public static TrafficPolicy effective(DestinationRule rule, String subset, int port) {
        TrafficPolicy.Builder effective = TrafficPolicy.newBuilder();
        overlay(effective, rule.getTrafficPolicy(), port);
        rule.getSubsetsList().stream()
                .filter(candidate -> candidate.getName().equals(subset))
                .findFirst()
                .map(Subset::getTrafficPolicy)
                .ifPresent(policy -> overlay(effective, policy, port));
        return effective.build();
    }

    private static void overlay(TrafficPolicy.Builder effective, TrafficPolicy policy, int port) {
        if (policy.hasLoadBalancer()) {
            effective.setLoadBalancer(policy.getLoadBalancer());
        }
        if (policy.hasConnectionPool()) {
            effective.setConnectionPool(policy.getConnectionPool());
        }
        if (policy.hasOutlierDetection()) {
            effective.setOutlierDetection(policy.getOutlierDetection());
        }
        if (policy.hasTls()) {
            effective.setTls(policy.getTls());
        }
        if (policy.hasProxyProtocol()) {
            effective.setProxyProtocol(policy.getProxyProtocol());
        }
        if (policy.hasTunnel()) {
            effective.setTunnel(policy.getTunnel());
        }
        if (policy.hasRetryBudget()) {
            effective.setRetryBudget(policy.getRetryBudget());
        }
        policy.getPortLevelSettingsList().stream()
                .filter(settings -> settings.getPort().getNumber() == port)
                .forEach(settings -> overlay(effective, settings));
    }

    private static void overlay(TrafficPolicy.Builder effective, TrafficPolicy.PortTrafficPolicy settings) {
        if (settings.hasLoadBalancer()) {
            effective.setLoadBalancer(settings.getLoadBalancer());
        }
        if (settings.hasConnectionPool()) {
            effective.setConnectionPool(settings.getConnectionPool());
        }
        if (settings.hasOutlierDetection()) {
            effective.setOutlierDetection(settings.getOutlierDetection());
        }
        if (settings.hasTls()) {
            effective.setTls(settings.getTls());
        }
    }
}
