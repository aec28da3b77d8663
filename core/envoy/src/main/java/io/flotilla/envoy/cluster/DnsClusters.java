package io.flotilla.envoy.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.clusters.common.dns.v3.DnsLookupFamily;
import io.envoyproxy.envoy.extensions.clusters.dns.v3.DnsCluster;
import io.flotilla.envoy.Wire;

/**
 * Clusters whose endpoints are names that the proxy looks up, in the two forms that Envoy 1.40 has for them: the
 * extension {@code envoy.clusters.dns}, and types STRICT_DNS and LOGICAL_DNS with fields of Cluster, two of which Envoy
 * calls deprecated. Envoy looks at none of these fields where the extension is named.
 */
@SuppressWarnings("deprecation") // the fields of the older form
public final class DnsClusters {
    /** Name of the extension. */
    public static final String NAME = "envoy.clusters.dns";

    private DnsClusters() {}

    /** Whether it is such a cluster in the current form. */
    public static boolean isCurrent(Cluster cluster) {
        return cluster.getClusterType().getTypedConfig().is(DnsCluster.class);
    }

    /** Whether a patch asks for such a cluster, or for something of it, in the older form. */
    public static boolean isOlder(Cluster change) {
        return change.hasType() ? isNamed(change.getType()) : saysOlder(change);
    }

    private static boolean isNamed(Cluster.DiscoveryType type) {
        return type == Cluster.DiscoveryType.STRICT_DNS || type == Cluster.DiscoveryType.LOGICAL_DNS;
    }

    // A field that only the older form looks at.
    private static boolean saysOlder(Cluster cluster) {
        return cluster.hasDnsRefreshRate()
                || cluster.hasDnsFailureRefreshRate()
                || cluster.getRespectDnsTtl()
                || cluster.hasDnsJitter()
                || cluster.getDnsLookupFamilyValue() != 0
                || cluster.hasTypedDnsResolverConfig()
                || saysResolvers(cluster);
    }

    /** The current form of a cluster; one that is no such cluster is as it is, and one whose resolvers that cannot say. */
    public static Cluster current(Cluster cluster) {
        if (!cluster.hasType() || !isNamed(cluster.getType()) || !saysOlder(cluster) || saysResolvers(cluster)) {
            return cluster;
        }
        DnsCluster.Builder names = DnsCluster.newBuilder()
                .setRespectDnsTtl(cluster.getRespectDnsTtl())
                .setAllAddressesInSingleEndpoint(cluster.getType() == Cluster.DiscoveryType.LOGICAL_DNS);
        if (cluster.getDnsLookupFamilyValue() != 0) {
            names.setDnsLookupFamily(
                    DnsLookupFamily.valueOf(cluster.getDnsLookupFamily().name()));
        }
        if (cluster.hasDnsRefreshRate()) {
            names.setDnsRefreshRate(cluster.getDnsRefreshRate());
        }
        if (cluster.hasDnsFailureRefreshRate()) {
            Cluster.RefreshRate rate = cluster.getDnsFailureRefreshRate();
            DnsCluster.RefreshRate.Builder after = names.getDnsFailureRefreshRateBuilder();
            if (rate.hasBaseInterval()) {
                after.setBaseInterval(rate.getBaseInterval());
            }
            if (rate.hasMaxInterval()) {
                after.setMaxInterval(rate.getMaxInterval());
            }
        }
        if (cluster.hasDnsJitter()) {
            names.setDnsJitter(cluster.getDnsJitter());
        }
        if (cluster.hasTypedDnsResolverConfig()) {
            names.setTypedDnsResolverConfig(cluster.getTypedDnsResolverConfig());
        }
        return without(cluster.toBuilder())
                .setClusterType(
                        Cluster.CustomClusterType.newBuilder().setName(NAME).setTypedConfig(Wire.any(names.build())))
                .build();
    }

    /** The older form of a cluster in the current one; any other is as it is. */
    public static Cluster older(Cluster cluster) {
        if (!isCurrent(cluster)) {
            return cluster;
        }
        DnsCluster names = read(cluster);
        Cluster.Builder older = without(cluster.toBuilder())
                .setType(
                        names.getAllAddressesInSingleEndpoint()
                                ? Cluster.DiscoveryType.LOGICAL_DNS
                                : Cluster.DiscoveryType.STRICT_DNS)
                .setRespectDnsTtl(names.getRespectDnsTtl());
        if (names.getDnsLookupFamilyValue() != 0) {
            older.setDnsLookupFamily(
                    Cluster.DnsLookupFamily.valueOf(names.getDnsLookupFamily().name()));
        }
        if (names.hasDnsRefreshRate()) {
            older.setDnsRefreshRate(names.getDnsRefreshRate());
        }
        if (names.hasDnsFailureRefreshRate()) {
            DnsCluster.RefreshRate rate = names.getDnsFailureRefreshRate();
            Cluster.RefreshRate.Builder after = older.getDnsFailureRefreshRateBuilder();
            if (rate.hasBaseInterval()) {
                after.setBaseInterval(rate.getBaseInterval());
            }
            if (rate.hasMaxInterval()) {
                after.setMaxInterval(rate.getMaxInterval());
            }
        }
        if (names.hasDnsJitter()) {
            older.setDnsJitter(names.getDnsJitter());
        }
        if (names.hasTypedDnsResolverConfig()) {
            older.setTypedDnsResolverConfig(names.getTypedDnsResolverConfig());
        }
        return older.build();
    }

    // These have no place in the extension.
    private static boolean saysResolvers(Cluster cluster) {
        return cluster.getDnsResolversCount() > 0
                || cluster.hasDnsResolutionConfig()
                || cluster.getUseTcpForDnsLookups();
    }

    private static Cluster.Builder without(Cluster.Builder cluster) {
        return cluster.clearDnsRefreshRate()
                .clearDnsFailureRefreshRate()
                .clearRespectDnsTtl()
                .clearDnsJitter()
                .clearDnsLookupFamily()
                .clearTypedDnsResolverConfig();
    }

    private static DnsCluster read(Cluster cluster) {
        try {
            return cluster.getClusterType().getTypedConfig().unpack(DnsCluster.class);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("cluster " + cluster.getName() + " has an extension that is none", e);
        }
    }
}
