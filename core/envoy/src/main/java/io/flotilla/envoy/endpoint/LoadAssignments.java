package io.flotilla.envoy.endpoint;

import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Subset;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.Identity;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.cluster.Discovery;
import io.flotilla.envoy.cluster.TrafficPolicies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The load assignments of all clusters that find their endpoints by EDS. */
public final class LoadAssignments {
    private LoadAssignments() {}

    /** All assignments of a proxy. */
    public static List<ClusterLoadAssignment> of(Scope scope) {
        List<ClusterLoadAssignment> all = new ArrayList<>();
        for (MeshService service : scope.services()) {
            if (Discovery.of(service, scope.view()) != Discovery.EDS) {
                continue;
            }
            Optional<Config<DestinationRule>> rule = scope.destinationRule(service);
            List<Identity> endpoints = service.ports().stream()
                    .map(port -> Identity.of(scope.snapshot().endpoints(service, port.number())))
                    .toList();
            OfService key = new OfService(
                    Identity.of(service),
                    Identity.of(rule.orElse(null)),
                    endpoints,
                    scope.view().locality());
            all.addAll(scope.cache().get(key, each -> ofService(scope, service, rule)));
        }
        return all;
    }

    /** All that the assignments of one service depend on. */
    private record OfService(Identity service, Identity rule, List<Identity> endpoints, String locality) {}

    private static List<ClusterLoadAssignment> ofService(
            Scope scope, MeshService service, Optional<Config<DestinationRule>> rule) {
        List<ClusterLoadAssignment> all = new ArrayList<>();
        for (ServicePort port : service.ports()) {
            if (port.protocol() != Protocol.UDP) {
                add(scope, service, port, rule.map(Config::spec).orElse(DestinationRule.getDefaultInstance()), all);
            }
        }
        return List.copyOf(all);
    }

    private static void add(
            Scope scope, MeshService service, ServicePort port, DestinationRule rule, List<ClusterLoadAssignment> all) {
        List<MeshEndpoint> endpoints = scope.snapshot().endpoints(service, port.number());
        all.add(assignment(scope, service, port, rule, "", Map.of(), endpoints));
        for (Subset subset : rule.getSubsetsList()) {
            all.add(assignment(scope, service, port, rule, subset.getName(), subset.getLabelsMap(), endpoints));
        }
    }

    private static ClusterLoadAssignment assignment(
            Scope scope,
            MeshService service,
            ServicePort port,
            DestinationRule rule,
            String subset,
            Map<String, String> labels,
            List<MeshEndpoint> endpoints) {
        LocalityPolicy policy = LocalityPolicy.of(
                TrafficPolicies.effective(rule, subset, port.number()),
                scope.view().locality());
        Assignment key = new Assignment(
                Names.outbound(port.number(), subset, service.hostname()),
                labels.isEmpty()
                        ? endpoints
                        : endpoints.stream()
                                .filter(endpoint -> endpoint.labels().entrySet().containsAll(labels.entrySet()))
                                .toList(),
                policy);
        return scope.cache().get(key, Assignment::build);
    }
}
