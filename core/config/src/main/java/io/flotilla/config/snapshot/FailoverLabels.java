package io.flotilla.config.snapshot;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.LoadBalancerSettings;
import java.util.List;
import java.util.stream.Stream;

/** The labels of clients that failoverPriority compares with those of endpoints. */
final class FailoverLabels {
    private FailoverLabels() {}

    static Stream<String> of(DestinationRule rule) {
        return Balancers.of(rule).flatMap(FailoverLabels::of);
    }

    static Stream<String> of(MeshConfig mesh) {
        return Stream.of(
                        mesh.getLocalityLbSetting().getFailoverPriorityList(),
                        mesh.getZoneAwareLbSetting().getFailoverPriorityList())
                .flatMap(FailoverLabels::names);
    }

    private static Stream<String> of(LoadBalancerSettings settings) {
        return Stream.of(
                        settings.getLocalityLbSetting().getFailoverPriorityList(),
                        settings.getZoneAwareLbSetting().getFailoverPriorityList())
                .flatMap(FailoverLabels::names);
    }

    // "KEY=VALUE" asks for that value, whatever the client has.
    private static Stream<String> names(List<String> priorities) {
        return priorities.stream().filter(each -> !each.contains("="));
    }
}
