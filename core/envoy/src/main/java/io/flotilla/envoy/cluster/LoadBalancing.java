package io.flotilla.envoy.cluster;

import com.google.protobuf.UInt64Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.RuntimeDouble;
import io.envoyproxy.envoy.type.v3.Percent;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.LoadBalancerSettings;
import io.flotilla.api.networking.v1alpha3.LocalityLoadBalancerSetting;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.api.networking.v1alpha3.WarmupConfiguration;
import io.flotilla.api.networking.v1alpha3.ZoneAwareLoadBalancerSetting;
import io.flotilla.envoy.endpoint.ZoneAwareness;
import java.util.Optional;

/** How a cluster chooses an endpoint (DestinationRule trafficPolicy.loadBalancer). */
final class LoadBalancing {
    private static final long DEFAULT_RING = 1024;

    private LoadBalancing() {}

    /** Without a choice it is least request; round robin in classic mode. */
    static void apply(Cluster.Builder cluster, TrafficPolicy policy, OutboundCluster.Mesh mesh) {
        cluster.setCommonLbConfig(common(policy, mesh.config()));
        if (cluster.getType() == Cluster.DiscoveryType.ORIGINAL_DST || cluster.hasClusterType()) {
            return;
        }
        LoadBalancerSettings settings = policy.getLoadBalancer();
        if (settings.hasConsistentHash()) {
            hash(cluster, settings.getConsistentHash());
            return;
        }
        switch (settings.getSimple()) {
            case ROUND_ROBIN -> cluster.setLbPolicy(Cluster.LbPolicy.ROUND_ROBIN);
            case RANDOM -> cluster.setLbPolicy(Cluster.LbPolicy.RANDOM);
            case PASSTHROUGH -> passthrough(cluster);
            case LEAST_CONN, LEAST_REQUEST -> cluster.setLbPolicy(Cluster.LbPolicy.LEAST_REQUEST);
            case UNSPECIFIED, UNRECOGNIZED ->
                cluster.setLbPolicy(mesh.classic() ? Cluster.LbPolicy.ROUND_ROBIN : Cluster.LbPolicy.LEAST_REQUEST);
        }
        warmup(settings).ifPresent(warmup -> warmup(cluster, warmup));
    }

    @SuppressWarnings("deprecation") // The older field is still in users' files.
    private static Optional<WarmupConfiguration> warmup(LoadBalancerSettings settings) {
        if (settings.hasWarmup()) {
            return Optional.of(settings.getWarmup());
        }
        return settings.hasWarmupDurationSecs()
                ? Optional.of(WarmupConfiguration.newBuilder()
                        .setDuration(settings.getWarmupDurationSecs())
                        .build())
                : Optional.empty();
    }

    private static void passthrough(Cluster.Builder cluster) {
        cluster.setType(Cluster.DiscoveryType.ORIGINAL_DST)
                .setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED)
                .clearEdsClusterConfig()
                .clearLoadAssignment();
    }

    private static void hash(Cluster.Builder cluster, LoadBalancerSettings.ConsistentHashLB hash) {
        if (hash.hasMaglev()) {
            cluster.setLbPolicy(Cluster.LbPolicy.MAGLEV);
            if (hash.getMaglev().getTableSize() > 0) {
                cluster.setMaglevLbConfig(Cluster.MaglevLbConfig.newBuilder()
                        .setTableSize(UInt64Value.of(hash.getMaglev().getTableSize())));
            }
            return;
        }
        long ring = Math.max(hash.getRingHash().getMinimumRingSize(), minimumRing(hash));
        cluster.setLbPolicy(Cluster.LbPolicy.RING_HASH)
                .setRingHashLbConfig(Cluster.RingHashLbConfig.newBuilder()
                        .setMinimumRingSize(UInt64Value.of(ring == 0 ? DEFAULT_RING : ring)));
    }

    @SuppressWarnings("deprecation") // The classic field is still in users' files.
    private static long minimumRing(LoadBalancerSettings.ConsistentHashLB hash) {
        return hash.getMinimumRingSize();
    }

    private static void warmup(Cluster.Builder cluster, WarmupConfiguration warmup) {
        Cluster.SlowStartConfig.Builder slow =
                Cluster.SlowStartConfig.newBuilder().setSlowStartWindow(warmup.getDuration());
        if (warmup.hasAggression()) {
            slow.setAggression(RuntimeDouble.newBuilder()
                    .setDefaultValue(warmup.getAggression().getValue())
                    .setRuntimeKey("upstream.slow_start.aggression"));
        }
        if (warmup.hasMinimumPercent()) {
            slow.setMinWeightPercent(
                    Percent.newBuilder().setValue(warmup.getMinimumPercent().getValue()));
        }
        if (cluster.getLbPolicy() == Cluster.LbPolicy.ROUND_ROBIN) {
            cluster.setRoundRobinLbConfig(
                    Cluster.RoundRobinLbConfig.newBuilder().setSlowStartConfig(slow));
        } else if (cluster.getLbPolicy() == Cluster.LbPolicy.LEAST_REQUEST) {
            cluster.setLeastRequestLbConfig(
                    Cluster.LeastRequestLbConfig.newBuilder().setSlowStartConfig(slow));
        }
    }

    // No panic: endpoints that drain or fail get nothing as long as one is left.
    private static Cluster.CommonLbConfig common(TrafficPolicy policy, MeshConfig mesh) {
        Cluster.CommonLbConfig.Builder common = Cluster.CommonLbConfig.newBuilder()
                .setHealthyPanicThreshold(Percent.newBuilder()
                        .setValue(policy.getOutlierDetection().getMinHealthPercent()));
        // Changes of many endpoints within a moment are merged by Pilot already.
        common.setUpdateMergeWindow(Durations.ZERO);
        Optional<ZoneAwareLoadBalancerSetting> zones = ZoneAwareness.setting(policy, mesh);
        LocalityLoadBalancerSetting setting = policy.getLoadBalancer().hasLocalityLbSetting()
                ? policy.getLoadBalancer().getLocalityLbSetting()
                : mesh.getLocalityLbSetting();
        boolean shares = setting.getDistributeCount() > 0;
        if (zones.isPresent()) {
            common.setZoneAwareLbConfig(zoneAware(zones.get()));
        } else if (shares || policy.hasOutlierDetection()) {
            common.setLocalityWeightedLbConfig(Cluster.CommonLbConfig.LocalityWeightedLbConfig.getDefaultInstance());
        }
        return common.build();
    }

    private static Cluster.CommonLbConfig.ZoneAwareLbConfig zoneAware(ZoneAwareLoadBalancerSetting setting) {
        Cluster.CommonLbConfig.ZoneAwareLbConfig.Builder zones = Cluster.CommonLbConfig.ZoneAwareLbConfig.newBuilder();
        if (setting.hasMinClusterSize()) {
            zones.setMinClusterSize(UInt64Value.of(setting.getMinClusterSize().getValue()));
        }
        return zones.build();
    }
}
