package io.flotilla.galley.consul;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the checks of a datacenter say, so that a change of one tells which services it concerns. For one thread. */
final class ConsulCatalog {
    /** What a check was: its service (empty: of the node), its node and its status. */
    private record Check(String service, String node, String status) {}

    private Map<String, Check> checks = new HashMap<>();

    /**
     * Takes all checks as they are now.
     *
     * @param onNode services that have instances on a node
     * @return services whose instances may differ
     */
    Set<String> checks(JsonNode now, NodeServices onNode) {
        Map<String, Check> next = new HashMap<>();
        for (JsonNode check : now) {
            String node = check.path("Node").asText();
            String service = check.path("ServiceName").asText();
            next.put(
                    node + "/" + check.path("ServiceID").asText() + "/"
                            + check.path("CheckID").asText(),
                    new Check(service, node, check.path("Status").asText()));
        }
        Set<String> keys = new HashSet<>(next.keySet());
        keys.addAll(checks.keySet());
        Set<String> touched = new TreeSet<>();
        for (String key : keys) {
            Check before = checks.get(key);
            Check after = next.get(key);
            Check either = after == null ? before : after;
            if (either != null && !java.util.Objects.equals(before, after)) {
                if (either.service().isEmpty()) {
                    touched.addAll(onNode.on(either.node()));
                } else {
                    touched.add(either.service());
                }
            }
        }
        checks = next;
        return touched;
    }

    /** Knows which services have instances on a node. */
    @FunctionalInterface
    interface NodeServices {
        Set<String> on(String node);
    }

    /** Services of /v1/catalog/services but Consul's own. */
    static Set<String> services(JsonNode catalog) {
        Set<String> names = new TreeSet<>();
        catalog.fieldNames().forEachRemaining(names::add);
        names.remove("consul");
        return names;
    }
}
