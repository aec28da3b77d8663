package io.flotilla.envoy.bootstrap;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;

/** What all clusters of a bootstrap have in common. */
final class StaticClusters {
    static final String HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private StaticClusters() {}

    /** A cluster of one address, by DNS unless it is an IP address. */
    @SuppressWarnings("deprecation") // its place in the newer cluster type brings nothing else yet
    static Cluster.Builder of(String name, Address address) {
        Cluster.Builder cluster = fixed(name, address.toEnvoy());
        if (!address.numeric()) {
            cluster.setType(Cluster.DiscoveryType.STRICT_DNS).setDnsLookupFamily(Cluster.DnsLookupFamily.V4_PREFERRED);
        }
        return cluster;
    }

    static Cluster.Builder fixed(String name, io.envoyproxy.envoy.config.core.v3.Address address) {
        return Cluster.newBuilder()
                .setName(name)
                .setType(Cluster.DiscoveryType.STATIC)
                .setConnectTimeout(Durations.fromSeconds(5))
                .setLoadAssignment(ClusterLoadAssignment.newBuilder()
                        .setClusterName(name)
                        .addEndpoints(LocalityLbEndpoints.newBuilder()
                                .addLbEndpoints(LbEndpoint.newBuilder()
                                        .setEndpoint(Endpoint.newBuilder().setAddress(address)))));
    }
}
