package io.flotilla.config.analysis.destination;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.LocalityLoadBalancerSetting;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import java.util.List;

/** Failover to other localities that never happens. */
final class LocalityWithoutOutliers implements Check {
    private static final Entry WITHOUT = Entry.warning("FA0312", "failover by locality needs outlier detection", """
            Requests go to another locality when servers of their own are known to be bad, and proxies learn that only
            from outlier detection. Without outlierDetection beside it, failover and failoverPriority never take
            effect for servers that fail while they count as ready. Add outlierDetection to the same traffic
            policy.""");

    @Override
    public List<Entry> entries() {
        return List.of(WITHOUT);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<DestinationRule> rule : mesh.destinationRules()) {
            TrafficPolicy policy = rule.spec().getTrafficPolicy();
            LocalityLoadBalancerSetting locality = policy.getLoadBalancer().getLocalityLbSetting();
            boolean failover = locality.getFailoverCount() > 0 || locality.getFailoverPriorityCount() > 0;
            boolean on = !locality.hasEnabled() || locality.getEnabled().getValue();
            if (failover && on && !policy.hasOutlierDetection()) {
                findings.report(
                        WITHOUT,
                        rule,
                        Paths.SPEC.field("trafficPolicy").field("loadBalancer").field("localityLbSetting"),
                        "failover needs trafficPolicy.outlierDetection; add it");
            }
        }
    }
}
