package io.flotilla.envoy.route;

import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteConfigurationOrBuilder;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.flotilla.envoy.Identity;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A RouteConfiguration of {@link RouteTable} with some other hosts.
 *
 * @param before   the configuration
 * @param ofRules  hosts with the same domains and other routes
 * @param services by name, hosts of services that may have come, gone or changed; empty for those that are not there
 */
record HostSteps(Identity before, List<VirtualHost> ofRules, Map<String, Optional<VirtualHost>> services) {
    private static final String ANY = "*";

    /** The configuration after them, the very same where nothing differs; empty where that cannot be told. */
    Optional<RouteConfiguration> take(RouteConfiguration whole) {
        RouteConfiguration.Builder after = whole.toBuilder();
        boolean same = true;
        for (VirtualHost host : ofRules) {
            if (!services.containsKey(host.getName())) {
                int at = index(after, host.getName());
                if (at < 0 || !after.getVirtualHosts(at).getDomainsList().equals(host.getDomainsList())) {
                    return Optional.empty();
                }
                same &= put(after, host.getName(), Optional.of(host));
            }
        }
        for (Map.Entry<String, Optional<VirtualHost>> each : services.entrySet()) {
            same &= put(after, each.getKey(), each.getValue());
        }
        return Optional.of(same ? whole : after.build());
    }

    // True where it is so already.
    private static boolean put(RouteConfiguration.Builder routes, String name, Optional<VirtualHost> host) {
        int at = index(routes, name);
        if (at < 0) {
            host.ifPresent(made -> routes.addVirtualHosts(-at - 1, made));
            return host.isEmpty();
        }
        if (host.isEmpty()) {
            routes.removeVirtualHosts(at);
            return false;
        }
        boolean same = routes.getVirtualHosts(at).equals(host.get());
        if (!same) {
            routes.setVirtualHosts(at, host.get());
        }
        return same;
    }

    // Where it is among the hosts that are sorted by name, or as a negative number where it would be.
    private static int index(RouteConfigurationOrBuilder routes, String name) {
        int low = 0;
        int high = routes.getVirtualHostsCount() - 1;
        while (high >= 0 && routes.getVirtualHosts(high).getDomainsList().contains(ANY)) {
            high--;
        }
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = routes.getVirtualHosts(middle).getName().compareTo(name);
            if (order == 0) {
                return middle;
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }
}
