package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.LabelSelector;
import io.flotilla.api.gatewayapi.v1.Namespaces;
import io.flotilla.api.gatewayapi.v1.ParentReference;
import io.flotilla.config.derive.Condition;
import io.flotilla.config.derive.Lookup;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.Hostnames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Which routes are attached to which listeners, and for which hosts. */
record Attachments(Lookup lookup) {
    /**
     * A route at a listener.
     *
     * @param hosts that both are for; "*" for all
     */
    record Attachment(AnyRoute route, BoundListener listener, List<Host> hosts) {}

    /**
     * A host at which a route is served.
     *
     * @param name    as narrow as route and listener say
     * @param written as the route says it; "*" where it says none
     */
    record Host(String name, String written) {}

    /**
     * What becomes of one parent of a route.
     *
     * @param accepted the condition
     */
    record Outcome(List<Attachment> attachments, Condition accepted) {}

    /** Attaches a route to the listeners of a Gateway that its reference chooses. */
    Outcome attach(AnyRoute route, ParentReference parent, List<BoundListener> listeners) {
        List<BoundListener> chosen = listeners.stream()
                .filter(each -> parent.getSectionName().isEmpty()
                        || parent.getSectionName().equals(each.listener().getName()))
                .filter(each -> parent.getPort() == 0
                        || parent.getPort() == each.listener().getPort())
                .toList();
        if (chosen.isEmpty()) {
            return refused("NoMatchingParent", "the Gateway has no listener of this name and port");
        }
        List<BoundListener> allowing = chosen.stream()
                .filter(each -> each.kinds().contains(route.kind().name()) && allows(each, route))
                .toList();
        if (allowing.isEmpty()) {
            boolean kind = chosen.stream()
                    .noneMatch(each -> each.kinds().contains(route.kind().name()));
            return refused(
                    "NotAllowedByListeners",
                    kind
                            ? "no listener takes routes of kind " + route.kind().name()
                            : "no listener takes routes of namespace " + route.namespace());
        }
        List<Attachment> attached = new ArrayList<>();
        for (BoundListener listener : allowing) {
            List<Host> hosts = hosts(route, listener);
            if (!hosts.isEmpty()) {
                attached.add(new Attachment(route, listener, hosts));
            }
        }
        return attached.isEmpty()
                ? refused("NoMatchingListenerHostname", "no listener has a hostname that is the route's too")
                : new Outcome(attached, Condition.yes("Accepted"));
    }

    private static Outcome refused(String reason, String message) {
        return new Outcome(List.of(), Condition.no("Accepted", reason, message));
    }

    private static List<Host> hosts(AnyRoute route, BoundListener listener) {
        if (route.hostnames().isEmpty()) {
            return List.of(new Host(listener.host(), "*"));
        }
        List<Host> hosts = new ArrayList<>();
        for (String written : new TreeSet<>(route.hostnames())) {
            if (Hostnames.subsetOf(written, listener.host())) {
                hosts.add(new Host(written, written));
            } else if (Hostnames.subsetOf(listener.host(), written)) {
                hosts.add(new Host(listener.host(), written));
            }
        }
        return hosts;
    }

    private boolean allows(BoundListener listener, AnyRoute route) {
        Namespaces namespaces = listener.listener().getAllowedRoutes().getNamespaces();
        return switch (namespaces.getFrom()) {
            case "All" -> true;
            case "Selector" -> selected(namespaces.getSelector(), labels(route.namespace()));
            case "None" -> false;
            default -> listener.gateway().namespace().equals(route.namespace());
        };
    }

    private Map<String, String> labels(String namespace) {
        Map<String, String> labels = lookup.object(ObjectKey.of(Kind.NAMESPACE, "", namespace))
                .<Map<String, String>>map(Config::labels)
                .orElse(Map.of());
        Map<String, String> all = new java.util.TreeMap<>(labels);
        // The API server gives it to every namespace.
        all.putIfAbsent("kubernetes.io/metadata.name", namespace);
        return all;
    }

    static boolean selected(LabelSelector selector, Map<String, String> labels) {
        return labels.entrySet().containsAll(selector.getMatchLabelsMap().entrySet())
                && selector.getMatchExpressionsList().stream().allMatch(each -> {
                    String value = labels.get(each.getKey());
                    return switch (each.getOperator()) {
                        case "In" -> value != null && each.getValuesList().contains(value);
                        case "NotIn" -> value == null || !each.getValuesList().contains(value);
                        case "Exists" -> value != null;
                        case "DoesNotExist" -> value == null;
                        default -> false;
                    };
                });
    }
}
