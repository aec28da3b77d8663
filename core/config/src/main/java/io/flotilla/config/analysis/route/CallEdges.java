package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.HTTPRouteDestination;
import io.flotilla.config.analysis.Labels;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Routing;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.snapshot.MeshService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Finds which rule may follow which. */
final class CallEdges {
    private final Mesh mesh;
    private final Map<String, List<CallGraph.Rule>> ofSidecars;
    private final Map<String, List<CallGraph.Rule>> ofGateway;
    private final Map<String, Set<String>> observed = new HashMap<>();
    private final Map<Map<String, String>, List<CallGraph.Rule>> bySourceLabels = new HashMap<>();
    private final Map<String, List<CallGraph.Rule>> memo = new HashMap<>();

    CallEdges(Mesh mesh, Map<String, List<CallGraph.Rule>> ofSidecars, Map<String, List<CallGraph.Rule>> ofGateway) {
        this.mesh = mesh;
        this.ofSidecars = ofSidecars;
        this.ofGateway = ofGateway;
        mesh.calls()
                .forEach(call -> observed.computeIfAbsent(call.from(), from -> new TreeSet<>())
                        .add(call.to()));
        ofSidecars.values().stream().flatMap(List::stream).forEach(this::sourceLabels);
    }

    private void sourceLabels(CallGraph.Rule rule) {
        for (HTTPMatchRequest match : rule.route().getMatchList()) {
            if (match.getSourceLabelsCount() > 0) {
                bySourceLabels
                        .computeIfAbsent(match.getSourceLabelsMap(), labels -> new ArrayList<>(1))
                        .add(rule);
            }
        }
    }

    void add(Collection<List<CallGraph.Rule>> rules, BiConsumer<CallGraph.Rule, CallGraph.Rule> edge) {
        if (bySourceLabels.isEmpty() && ofGateway.isEmpty() && observed.isEmpty()) {
            return;
        }
        for (List<CallGraph.Rule> each : rules) {
            for (CallGraph.Rule rule : each) {
                Set<CallGraph.Rule> after = new LinkedHashSet<>();
                for (HTTPRouteDestination route : rule.route().getRouteList()) {
                    String host = route.getDestination().getHost();
                    mesh.hosts()
                            .find(host, rule.service().namespace())
                            .ifPresent(called -> after.addAll(after(rule, called)));
                }
                after.forEach(to -> edge.accept(rule, to));
            }
        }
    }

    private List<CallGraph.Rule> after(CallGraph.Rule rule, MeshService called) {
        List<CallGraph.Rule> after = new ArrayList<>();
        List<String> hosts = rule.service().spec().getHostsList();
        for (CallGraph.Rule candidate :
                memo.computeIfAbsent(called.hostname() + " " + called.namespace(), key -> ofServers(called))) {
            boolean gateway = !Routing.forSidecars(candidate.service().spec());
            // A gateway in the middle serves what its own VirtualServices have the host for.
            boolean fits = !gateway
                    || candidate.service().spec().getHostsList().stream()
                            .anyMatch(host -> hosts.stream().anyMatch(each -> Hostnames.matches(host, each)));
            if (fits) {
                after.add(candidate);
            }
        }
        return after;
    }

    /** What the workloads of a service may go through, whoever called them. */
    private List<CallGraph.Rule> ofServers(MeshService called) {
        Set<CallGraph.Rule> after = new LinkedHashSet<>();
        for (Map<String, String> labels : mesh.servers(called)) {
            mesh.snapshot()
                    .gateways(labels)
                    .forEach(gateway ->
                            after.addAll(ofGateway.getOrDefault(gateway.key().resourceName(), List.of())));
            bySourceLabels.forEach((wanted, rules) -> {
                if (Labels.fit(wanted, labels)) {
                    after.addAll(rules);
                }
            });
        }
        observed.getOrDefault(called.hostname(), Set.of())
                .forEach(host -> after.addAll(ofSidecars.getOrDefault(host, List.of())));
        return List.copyOf(after);
    }
}
