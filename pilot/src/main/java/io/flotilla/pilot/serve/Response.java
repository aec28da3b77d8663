package io.flotilla.pilot.serve;

import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What was in a response that a proxy refused: a message that names something else blames nobody.
 *
 * @param names  of its resources: clusters, listeners, virtual hosts ("80/HOST:80"), route configurations
 * @param routes those of its route configurations that came whole, with their hosts
 */
record Response(Set<String> names, List<RouteConfiguration> routes) {
    Response {
        names = Set.copyOf(names);
        routes = List.copyOf(routes);
    }

    /** Of the names of a response, and the route configurations that the proxy is told. */
    static Response of(Collection<String> names, List<RouteConfiguration> told) {
        Set<String> all = Set.copyOf(names);
        return new Response(
                all,
                told.stream().filter(route -> all.contains(route.getName())).toList());
    }

    /** Whether it has anything for a host. */
    boolean concerns(String host) {
        return names.stream().anyMatch(name -> isOf(name, host))
                || routes.stream()
                        .flatMap(route -> route.getVirtualHostsList().stream())
                        .anyMatch(virtual -> isOf(virtual.getName(), host));
    }

    // "outbound|80||HOST", "80/HOST:80", "HOST:80", "HOST".
    private static boolean isOf(String name, String host) {
        int at = name.indexOf(host);
        if (at < 0) {
            return false;
        }
        int end = at + host.length();
        return (at == 0 || "|/".indexOf(name.charAt(at - 1)) >= 0)
                && (end == name.length() || ":|/".indexOf(name.charAt(end)) >= 0);
    }
}
