package io.flotilla.envoy.patch;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.gateway.EdgeNames;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which ports have the names that patches ask for: only those names are in it, so that others change nothing.
 *
 * @param sending   on which a sidecar takes calls to services, or an edge requests
 * @param receiving of the application
 */
record PortNames(Map<String, Set<Integer>> sending, Map<String, Set<Integer>> receiving) {
    static final PortNames NONE = new PortNames(Map.of(), Map.of());

    /** Ends a name that stands for all that begin so, as EnvoyFilters of 1.1 have them; no port's name has it. */
    static final String ANY_END = "*";

    PortNames {
        sending = Map.copyOf(sending);
        receiving = Map.copyOf(receiving);
    }

    static PortNames of(Scope scope, PatchSet set) {
        Set<String> asked = new TreeSet<>();
        for (Patch patch : set.patches()) {
            asked.add(patch.match().getListener().getPortName());
        }
        asked.remove("");
        if (asked.isEmpty()) {
            return NONE;
        }
        Map<String, Set<Integer>> sending = new TreeMap<>();
        Map<String, Set<Integer>> receiving = new TreeMap<>();
        if (scope.view().router()) {
            EdgeNames.ports(scope).forEach((port, names) -> names.forEach(name -> add(asked, name, port, sending)));
            return new PortNames(sending, receiving);
        }
        scope.services().forEach(service -> {
            for (ServicePort port : service.ports()) {
                add(asked, port.name(), port.number(), sending);
            }
        });
        for (MeshSnapshot.InboundPort port : scope.snapshot()
                .inboundPorts(scope.view().namespace(), scope.view().labels())) {
            add(asked, port.servicePort().name(), port.endpointPort(), receiving);
        }
        return new PortNames(sending, receiving);
    }

    private static void add(Set<String> asked, String name, int port, Map<String, Set<Integer>> ports) {
        for (String each : asked) {
            if (same(each.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))) {
                ports.computeIfAbsent(each, key -> new TreeSet<>()).add(port);
            }
        }
    }

    private static boolean same(String asked, String name) {
        return asked.endsWith(ANY_END) ? name.startsWith(asked.substring(0, asked.length() - 1)) : name.equals(asked);
    }

    Set<Integer> of(String asked, boolean inbound) {
        return (inbound ? receiving : sending).getOrDefault(asked, Set.of());
    }
}
