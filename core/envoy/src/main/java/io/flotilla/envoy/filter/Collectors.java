package io.flotilla.envoy.filter;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.telemetry.Observation;
import io.flotilla.envoy.telemetry.Observations;
import io.flotilla.envoy.telemetry.ProviderLogs;
import io.flotilla.envoy.telemetry.Providers;
import io.flotilla.envoy.wasm.ModuleClusters;
import io.flotilla.envoy.wasm.Plugins;
import java.util.ArrayList;
import java.util.List;

/**
 * Where access logs and traces go, as clusters of the proxy, and whoever else sees all that it sends.
 *
 * @param accessLog cluster that takes access logs, empty for none
 * @param zipkin    cluster of the Zipkin collector, empty for none
 * @param zipkinHost what requests to it are addressed to
 * @param sampling  percent of requests that are traced
 * @param client    what Telemetry says of the caller's side, and of edges
 * @param server    what it says of the server's side
 * @param plugins   modules of the user's own that see what the application sends
 * @param conduct   how connection managers behave
 */
public record Collectors(
        String accessLog,
        String zipkin,
        String zipkinHost,
        double sampling,
        Observation client,
        Observation server,
        Plugins.Outbound plugins,
        Conduct conduct) {
    /** Those of the mesh's settings, for what comes to the application. */
    public static Collectors of(Scope scope) {
        return with(scope, Conduct.of(scope));
    }

    /** The same, for what goes on to services: where names have to be looked up, that is done. */
    public static Collectors sending(Scope scope) {
        return with(scope, Conduct.sending(scope));
    }

    private static Collectors with(Scope scope, Conduct conduct) {
        return new Collectors(
                Collector.logs(scope).name(),
                Collector.zipkin(scope).name(),
                scope.settings().zipkin(),
                scope.settings().tracingSampling(),
                Observations.of(scope, false),
                Observations.of(scope, true),
                Plugins.Outbound.of(scope),
                conduct);
    }

    /** What Telemetry says of one side. */
    Observation observed(AccessLogs.Side side) {
        return side == AccessLogs.Side.INBOUND ? server : client;
    }

    /** Finishes a listener: limits of its connections, and the log of those that it has no chain for. */
    public void listener(Listener.Builder listener, AccessLogs.Side side) {
        conduct.listener(listener);
        if (observed(side).unmatched() && !listener.hasDefaultFilterChain()) {
            listener.addAllAccessLog(ProviderLogs.unmatched(observed(side)));
        }
    }

    /** Clusters for those that no visible service stands for. */
    public static List<Cluster> clusters(Scope scope) {
        List<Cluster> clusters = new ArrayList<>();
        Collector.logs(scope).cluster(scope).ifPresent(clusters::add);
        Collector.zipkin(scope).cluster(scope).ifPresent(clusters::add);
        for (ExtensionProvider provider :
                Providers.of(scope.snapshot().extensions().mesh())) {
            Providers.address(provider)
                    .flatMap(address -> Collector.of(scope, address).cluster(scope))
                    .ifPresent(clusters::add);
        }
        clusters.addAll(ModuleClusters.of(scope));
        return clusters;
    }
}
