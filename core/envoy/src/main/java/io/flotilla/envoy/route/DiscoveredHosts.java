package io.flotilla.envoy.route;

import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.Vhds;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.flotilla.envoy.ResourceCache;
import io.flotilla.envoy.Wire;
import java.util.List;

/**
 * A RouteConfiguration whose virtual hosts are resources of their own (Envoy's VHDS): a change of one host's routes sends
 * that host, not all of them.
 *
 * @param base  the configuration without hosts
 * @param hosts named "ROUTE/HOST", as Envoy asks for them and removes them
 */
public record DiscoveredHosts(RouteConfiguration base, List<VirtualHost> hosts) {
    private record Base(RouteConfiguration withoutHosts) {
        RouteConfiguration build() {
            return withoutHosts.toBuilder()
                    .setVhds(Vhds.newBuilder().setConfigSource(Wire.ads()))
                    .build();
        }
    }

    private record Host(String route, VirtualHost host) {
        VirtualHost build() {
            return host.toBuilder().setName(route + "/" + host.getName()).build();
        }
    }

    /** Takes a whole configuration apart. */
    public static DiscoveredHosts of(RouteConfiguration whole, ResourceCache cache) {
        return new DiscoveredHosts(
                base(whole, cache),
                whole.getVirtualHostsList().stream()
                        .map(host -> host(whole, host, cache))
                        .toList());
    }

    /** A configuration without its hosts. */
    public static RouteConfiguration base(RouteConfiguration whole, ResourceCache cache) {
        return cache.get(new Base(whole.toBuilder().clearVirtualHosts().build()), Base::build);
    }

    /** One host of a configuration, as it is discovered. */
    public static VirtualHost host(RouteConfiguration whole, VirtualHost host, ResourceCache cache) {
        return cache.get(new Host(whole.getName(), host), Host::build);
    }

    /** The name under which a host of a configuration is discovered. */
    public static String name(RouteConfiguration whole, VirtualHost host) {
        return whole.getName() + "/" + host.getName();
    }
}
