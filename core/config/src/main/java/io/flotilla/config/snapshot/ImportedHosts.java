package io.flotilla.config.snapshot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The hosts of an egress listener, "NAMESPACE/HOST".
 *
 * @param byNamespace namespace to hosts, maybe with a leading wildcard; "*" for any namespace
 */
record ImportedHosts(Map<String, List<String>> byNamespace) {
    private static final String ANY = "*";
    private static final String NONE = "~";

    /** "." is the workload's namespace; "~" is none. */
    static ImportedHosts of(Collection<String> hosts, String own) {
        Map<String, List<String>> byNamespace = new TreeMap<>();
        for (String each : hosts) {
            int slash = each.indexOf('/');
            String namespace = slash < 0 ? ANY : each.substring(0, slash);
            if (!namespace.equals(NONE)) {
                byNamespace
                        .computeIfAbsent(namespace.equals(".") ? own : namespace, any -> new ArrayList<>())
                        .add(each.substring(slash + 1));
            }
        }
        return new ImportedHosts(byNamespace);
    }

    /** Some hosts may come from any namespace. */
    boolean anywhere() {
        return byNamespace.containsKey(ANY);
    }

    /** Namespaces that are named. */
    Set<String> namespaces() {
        return byNamespace.keySet();
    }

    boolean covers(MeshService service) {
        return covers(service.namespace(), service.hostname());
    }

    /** Whether a host that was declared in a namespace is imported. */
    boolean covers(String namespace, String host) {
        return covers(byNamespace.getOrDefault(namespace, List.of()), host)
                || covers(byNamespace.getOrDefault(ANY, List.of()), host);
    }

    private static boolean covers(List<String> patterns, String host) {
        return patterns.stream().anyMatch(pattern -> Hostnames.subsetOf(host, pattern));
    }
}
