package io.flotilla.envoy.endpoint;

import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Subset;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.Families;
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
    private final Scope scope;
    private final Networks networks;
    private final boolean passing;

    private LoadAssignments(Scope scope, boolean passing) {
        this.scope = scope;
        this.networks = new Networks(
                scope.snapshot().meshConfig().getMeshNetworks(), scope.view().network());
        this.passing = passing;
    }

    /** All assignments of a proxy. */
    public static List<ClusterLoadAssignment> of(Scope scope) {
        return of(scope, scope.services());
    }

    /** The assignments of some services. */
    public static List<ClusterLoadAssignment> of(Scope scope, List<MeshService> services) {
        return new LoadAssignments(scope, false).of(services);
    }

    /** Assignments of clusters by SNI, through which a gateway passes mesh TLS on. */
    public static List<ClusterLoadAssignment> passing(Scope scope, List<MeshService> services) {
        return new LoadAssignments(scope, true).of(services);
    }

    /** All that the assignments of one service depend on. */
    private record OfService(
            Identity service, Identity rule, List<Object> endpoints, Identity settings, Client client) {}

    /** What of the client matters. */
    private record Client(
            String locality, String network, Families families, Map<String, String> compared, boolean passing) {}

    private List<ClusterLoadAssignment> of(List<MeshService> services) {
        List<ClusterLoadAssignment> all = new ArrayList<>();
        Map<String, String> compared = scope.view().only(scope.snapshot().failoverLabels());
        Client client = new Client(
                scope.view().locality(),
                scope.view().network(),
                scope.view().capture().families(),
                compared,
                passing);
        for (MeshService service : services) {
            if (Discovery.of(service, scope.view()) != Discovery.EDS) {
                continue;
            }
            Optional<Config<DestinationRule>> rule = scope.destinationRule(service);
            List<Object> endpoints = service.ports().stream()
                    .map(port -> Spoken.key(scope.snapshot(), service, port.number()))
                    .toList();
            OfService key = new OfService(
                    Identity.of(service),
                    Identity.of(rule.orElse(null)),
                    endpoints,
                    Identity.of(scope.settings()),
                    client);
            all.addAll(scope.cache().get(key, each -> ofService(service, rule)));
        }
        return all;
    }

    private List<ClusterLoadAssignment> ofService(MeshService service, Optional<Config<DestinationRule>> rule) {
        List<ClusterLoadAssignment> all = new ArrayList<>();
        for (ServicePort port : service.ports()) {
            if (port.protocol() != Protocol.UDP) {
                add(service, port, rule.map(Config::spec).orElse(DestinationRule.getDefaultInstance()), all);
            }
        }
        return List.copyOf(all);
    }

    private void add(MeshService service, ServicePort port, DestinationRule rule, List<ClusterLoadAssignment> all) {
        List<MeshEndpoint> endpoints =
                scope.view().capture().families().reached(Spoken.endpoints(scope.snapshot(), service, port.number()));
        all.add(assignment(service, port, rule, "", endpoints));
        for (Subset subset : rule.getSubsetsList()) {
            Map<String, String> labels = subset.getLabelsMap();
            List<MeshEndpoint> chosen = labels.isEmpty()
                    ? endpoints
                    : endpoints.stream()
                            .filter(endpoint -> endpoint.labels().entrySet().containsAll(labels.entrySet()))
                            .toList();
            all.add(assignment(service, port, rule, subset.getName(), chosen));
        }
    }

    private ClusterLoadAssignment assignment(
            MeshService service, ServicePort port, DestinationRule rule, String subset, List<MeshEndpoint> endpoints) {
        LocalityPolicy policy = LocalityPolicy.of(
                TrafficPolicies.effective(rule, subset, port.number()),
                scope.snapshot().meshConfig(),
                scope.view());
        Assignment key = passing
                ? new Assignment(
                        Names.sni(port.number(), subset, service.hostname()), networks.inside(endpoints), policy)
                : new Assignment(
                        Names.outbound(port.number(), subset, service.hostname()), networks.reached(endpoints), policy);
        return scope.cache().get(key, Assignment::build);
    }
}
