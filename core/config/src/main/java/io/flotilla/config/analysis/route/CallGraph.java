package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.Routing;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which HTTP rules a request may go through one after the other, as far as configuration or observation tell: from a
 * rule to the rules of what its destination calls. Edges come from gateways in the middle of the mesh (a rule for
 * sidecars leads to a gateway's own rules), from matches that name a caller's labels, and from observed calls.
 */
final class CallGraph {
    private final List<List<Rule>> rules = new ArrayList<>();
    private final Map<Rule, List<Rule>> next = new LinkedHashMap<>();

    /** One HTTP rule. */
    record Rule(Config<VirtualService> service, int index) {
        HTTPRoute route() {
            return service.spec().getHttp(index);
        }

        FieldPath at() {
            return Paths.item("http", index);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Rule rule
                    && rule.index == index
                    && rule.service.key().equals(service.key());
        }

        @Override
        public int hashCode() {
            return service.key().hashCode() * 31 + index;
        }
    }

    private CallGraph() {}

    static CallGraph of(Mesh mesh) {
        CallGraph graph = new CallGraph();
        Map<String, List<Rule>> ofSidecars = new HashMap<>();
        Map<String, List<Rule>> ofGateway = new HashMap<>();
        for (Config<VirtualService> service : mesh.virtualServices()) {
            List<Rule> own = new ArrayList<>();
            for (int i = 0; i < service.spec().getHttpCount(); i++) {
                own.add(new Rule(service, i));
            }
            graph.rules.add(own);
            for (String gateway : Routing.gateways(service.spec())) {
                String full = Routing.fullGateway(gateway, service.namespace());
                if (full.equals(Routing.MESH)) {
                    service.spec()
                            .getHostsList()
                            .forEach(host -> ofSidecars
                                    .computeIfAbsent(
                                            mesh.hosts().full(host, service.namespace()), each -> new ArrayList<>())
                                    .addAll(own));
                } else {
                    ofGateway.computeIfAbsent(full, each -> new ArrayList<>()).addAll(own);
                }
            }
        }
        new CallEdges(mesh, ofSidecars, ofGateway).add(graph.rules, graph::edge);
        return graph;
    }

    private void edge(Rule from, Rule to) {
        if (!from.equals(to)) {
            next.computeIfAbsent(from, rule -> new ArrayList<>(1)).add(to);
        }
    }

    /** Rules that a request may go through after this one. */
    List<Rule> after(Rule rule) {
        return next.getOrDefault(rule, List.of());
    }

    /** Rules with something after them. */
    Set<Rule> first() {
        return Collections.unmodifiableSet(next.keySet());
    }

    /** Rules that lead to one of this VirtualService's. */
    List<Rule> callersOf(Config<VirtualService> service) {
        List<Rule> callers = new ArrayList<>();
        next.forEach((from, to) -> {
            if (to.stream().anyMatch(each -> each.service().key().equals(service.key()))) {
                callers.add(from);
            }
        });
        return callers;
    }
}
