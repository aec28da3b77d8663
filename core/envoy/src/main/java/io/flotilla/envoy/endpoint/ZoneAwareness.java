package io.flotilla.envoy.endpoint;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.LocalityLoadBalancerSetting;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.api.networking.v1alpha3.ZoneAwareLoadBalancerSetting;
import java.util.Optional;

/** Zone-aware load balancing: within a region Envoy weighs the zones, between regions it is nearest first. */
public final class ZoneAwareness {
    private ZoneAwareness() {}

    /** The setting in force: the policy's, else the mesh's where the policy says nothing of localities. */
    public static Optional<ZoneAwareLoadBalancerSetting> setting(TrafficPolicy policy, MeshConfig mesh) {
        ZoneAwareLoadBalancerSetting setting = policy.getLoadBalancer().hasZoneAwareLbSetting()
                ? policy.getLoadBalancer().getZoneAwareLbSetting()
                : policy.getLoadBalancer().hasLocalityLbSetting()
                        ? ZoneAwareLoadBalancerSetting.getDefaultInstance()
                        : mesh.getZoneAwareLbSetting();
        return setting.getEnabled().getValue() ? Optional.of(setting) : Optional.empty();
    }

    /** What it says of regions. */
    static Optional<LocalityLoadBalancerSetting> of(TrafficPolicy policy, MeshConfig mesh) {
        return setting(policy, mesh).map(setting -> {
            LocalityLoadBalancerSetting.Builder regions =
                    LocalityLoadBalancerSetting.newBuilder().addAllFailoverPriority(setting.getFailoverPriorityList());
            setting.getFailoverList()
                    .forEach(failover -> regions.addFailover(LocalityLoadBalancerSetting.Failover.newBuilder()
                            .setFrom(failover.getFrom())
                            .setTo(failover.getTo())));
            return regions.build();
        });
    }
}
