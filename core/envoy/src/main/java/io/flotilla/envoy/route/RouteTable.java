package io.flotilla.envoy.route;

import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.filter.PeerHeader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Everything that a RouteConfiguration is made of. Whoever sends a request through it cannot say who calls.
 *
 * @param name       of the configuration
 * @param hosts      virtual hosts; the first keeps a domain that several have
 * @param ignorePort a host with any port is the host
 */
public record RouteTable(String name, List<VirtualHost> hosts, boolean ignorePort) {
    /** The message; hosts sorted by name, one for everything last. */
    public RouteConfiguration build() {
        return RouteConfiguration.newBuilder()
                .setName(name)
                .setValidateClusters(Wire.no())
                .setIgnorePortInHostMatching(ignorePort)
                .addRequestHeadersToRemove(PeerHeader.NAME)
                .addAllVirtualHosts(distinct())
                .build();
    }

    // Envoy refuses a configuration in which two virtual hosts have one domain.
    private List<VirtualHost> distinct() {
        TreeMap<String, VirtualHost> byName = new TreeMap<>();
        List<VirtualHost> last = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (VirtualHost host : hosts) {
            List<String> free =
                    host.getDomainsList().stream().filter(taken::add).toList();
            if (free.isEmpty()) {
                continue;
            }
            VirtualHost kept = free.size() == host.getDomainsCount()
                    ? host
                    : host.toBuilder().clearDomains().addAllDomains(free).build();
            if (free.contains("*")) {
                last.add(kept);
            } else {
                byName.putIfAbsent(host.getName(), kept);
            }
        }
        List<VirtualHost> all = new ArrayList<>(byName.values());
        all.addAll(last);
        return all;
    }
}
