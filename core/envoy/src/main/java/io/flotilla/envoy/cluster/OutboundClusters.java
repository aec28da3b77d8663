package io.flotilla.envoy.cluster;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Subset;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.Families;
import io.flotilla.envoy.Identity;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.endpoint.Spoken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The clusters of all services that a proxy may call: one per port, and one per port and subset. */
public final class OutboundClusters {
    private OutboundClusters() {}

    /** All of them; those that depend on nothing of the proxy are the same objects for all proxies. */
    public static List<Cluster> of(Scope scope) {
        return of(scope, scope.services());
    }

    /** Those of some services. */
    public static List<Cluster> of(Scope scope, List<MeshService> services) {
        List<Cluster> all = new ArrayList<>();
        for (MeshService service : services) {
            List<String> peers = scope.peers().of(scope.snapshot(), service);
            Optional<Config<DestinationRule>> rule = scope.destinationRule(service);
            OfService key = new OfService(
                    Identity.of(service),
                    Identity.of(rule.orElse(null)),
                    Identity.of(peers),
                    endpoints(scope, service),
                    Identity.of(scope.settings()),
                    scope.view().router(),
                    Discovery.of(service, scope.view()),
                    scope.view().capture().families());
            all.addAll(scope.cache().get(key, each -> ofService(scope, service, rule, peers)));
        }
        return all;
    }

    /** All that the clusters of one service depend on. */
    private record OfService(
            Identity service,
            Identity rule,
            Identity peers,
            List<Object> endpoints,
            Identity settings,
            boolean router,
            Discovery discovery,
            Families families) {}

    // Where Pilot tells the endpoints, clusters do not depend on them.
    private static List<Object> endpoints(Scope scope, MeshService service) {
        return Discovery.of(service, scope.view()) == Discovery.EDS
                ? List.of()
                : service.ports().stream()
                        .map(port -> Spoken.key(scope.snapshot(), service, port.number()))
                        .toList();
    }

    private static List<Cluster> ofService(
            Scope scope, MeshService service, Optional<Config<DestinationRule>> rule, List<String> peers) {
        List<Cluster> all = new ArrayList<>();
        for (ServicePort port : service.ports()) {
            if (port.protocol() != Protocol.UDP) {
                all.addAll(ofPort(scope, service, port, rule.orElse(null), peers));
            }
        }
        return List.copyOf(all);
    }

    private static List<Cluster> ofPort(
            Scope scope,
            MeshService service,
            ServicePort port,
            @org.jspecify.annotations.Nullable Config<DestinationRule> rule,
            List<String> peers) {
        Discovery discovery = Discovery.of(service, port, scope.view());
        List<MeshEndpoint> endpoints =
                discovery == Discovery.EDS ? List.of() : Spoken.endpoints(scope.snapshot(), service, port.number());
        OutboundCluster.Target target = new OutboundCluster.Target(
                service.hostname(),
                port,
                service.external(),
                service.subjectAltNames(),
                service.namespace().equals(scope.settings().rootNamespace()));
        OutboundCluster.Reach reach = new OutboundCluster.Reach(
                discovery,
                discovery == Discovery.ORIGINAL_DESTINATION ? meshOnly(endpoints) : endpoints,
                peers,
                // Only names are looked up by the proxy itself.
                switch (discovery) {
                    case STRICT_DNS, LOGICAL_DNS, DYNAMIC_DNS ->
                        scope.view().capture().families();
                    case EDS, ORIGINAL_DESTINATION -> Families.V4;
                });
        OutboundCluster.Mesh mesh = OutboundCluster.Mesh.of(
                scope.settings(), scope.snapshot().meshConfig(), scope.view().router());
        List<Cluster> clusters = new ArrayList<>();
        clusters.add(scope.cache()
                .get(new OutboundCluster(target, "", Optional.ofNullable(rule), reach, mesh), OutboundCluster::build));
        if (rule != null) {
            for (Subset subset : rule.spec().getSubsetsList()) {
                clusters.add(scope.cache()
                        .get(
                                new OutboundCluster(target, subset.getName(), Optional.of(rule), reach, mesh),
                                OutboundCluster::build));
            }
        }
        return clusters;
    }

    // The address comes from the caller, so of the endpoints only one thing matters: do all speak mesh TLS?
    private static List<MeshEndpoint> meshOnly(List<MeshEndpoint> endpoints) {
        return !endpoints.isEmpty() && endpoints.stream().allMatch(MeshEndpoint::meshTls)
                ? List.of(OutboundCluster.SOME_MESH_ENDPOINT)
                : List.of();
    }
}
