package io.flotilla.envoy.filter;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig;
import io.envoyproxy.envoy.extensions.common.dynamic_forward_proxy.v3.DnsCacheConfig;
import io.envoyproxy.envoy.extensions.filters.http.dynamic_forward_proxy.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.http.dynamic_forward_proxy.v3.PerRouteConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.envoy.Families;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.Wire;
import java.util.Optional;

/**
 * Names that requests and connections bring along, looked up by the proxy as they come (Envoy's dynamic forward proxy):
 * of ServiceEntries with resolution DYNAMIC_DNS, and of whatever the mesh does not know under outboundTrafficPolicy
 * ALLOW_ANY_DYNAMIC_DNS.
 *
 * @param families of addresses that the proxy can reach
 * @param refresh  how often a name in use is looked up anew
 */
public record NameLookup(Families families, Duration refresh) {
    /** The HTTP filter, as routes configure it. */
    public static final String HTTP = "envoy.filters.http.dynamic_forward_proxy";

    /** By what MeshConfig says of DNS. */
    public static NameLookup of(MeshConfig mesh, Families families) {
        return new NameLookup(
                families, mesh.hasDnsRefreshRate() ? mesh.getDnsRefreshRate() : Durations.fromSeconds(60));
    }

    /** That of a proxy; nothing where it knows no host of that kind, so that its filters are as they would be without. */
    static Optional<NameLookup> of(Scope scope) {
        boolean needed = scope.looksUpUnknown()
                || scope.services().stream()
                        .anyMatch(service -> service.resolution() == MeshService.Resolution.DYNAMIC_DNS);
        return needed
                ? Optional.of(
                        of(scope.snapshot().meshConfig(), scope.view().capture().families()))
                : Optional.empty();
    }

    /** Before the router: a request to a cluster of this kind waits until its name is known. */
    HttpFilter http() {
        return HttpFilter.newBuilder()
                .setName(HTTP)
                .setTypedConfig(Wire.any(
                        FilterConfig.newBuilder().setDnsCacheConfig(cache()).build()))
                .build();
    }

    /** On a route that changes the host: the new one is looked up. */
    public static com.google.protobuf.Any rewritten(String host) {
        return Wire.any(PerRouteConfig.newBuilder().setHostRewriteLiteral(host).build());
    }

    /** Before a TCP proxy: the name in the client's TLS is looked up, and called on this port. */
    Filter tls(int port) {
        return Filter.newBuilder()
                .setName("envoy.filters.network.sni_dynamic_forward_proxy")
                .setTypedConfig(
                        Wire.any(io.envoyproxy.envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3
                                .FilterConfig.newBuilder()
                                .setDnsCacheConfig(cache())
                                .setPortValue(port)
                                .build()))
                .build();
    }

    /**
     * How a cluster finds its endpoints.
     *
     * @param checked servers must show the name that was asked for, where they speak TLS
     */
    public Cluster.CustomClusterType cluster(boolean checked) {
        return Cluster.CustomClusterType.newBuilder()
                .setName("envoy.clusters.dynamic_forward_proxy")
                .setTypedConfig(Wire.any(ClusterConfig.newBuilder()
                        .setDnsCacheConfig(cache())
                        .setAllowInsecureClusterOptions(!checked)
                        .build()))
                .build();
    }

    // Envoy refuses another cache of the same name, as long as it lives: other settings are another name.
    private DnsCacheConfig cache() {
        return DnsCacheConfig.newBuilder()
                .setName("names_" + families + "_" + Durations.toString(refresh))
                .setDnsLookupFamily(
                        families == Families.V6
                                ? Cluster.DnsLookupFamily.V6_ONLY
                                : Cluster.DnsLookupFamily.V4_PREFERRED)
                .setDnsRefreshRate(refresh)
                .build();
    }
}
