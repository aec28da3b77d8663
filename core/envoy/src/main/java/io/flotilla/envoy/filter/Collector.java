package io.flotilla.envoy.filter;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.RemoteService;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.cluster.CollectorLink;
import io.flotilla.envoy.cluster.StaticClusters;
import io.flotilla.envoy.telemetry.Providers;
import java.util.Optional;

/**
 * A service that takes logs or spans. Where ProxyConfig says how to connect to it, it has a cluster of its own; else it is
 * the mesh's service of that host and port, or a cluster with such a service's name where the proxy knows none.
 *
 * @param own  name of the cluster of its own
 * @param host empty for no collector
 * @param link how to connect to it
 */
record Collector(String own, String host, int port, Protocol protocol, CollectorLink link) {
    private static final String LOGS = "envoy_accesslog_service";
    private static final String ZIPKIN = "zipkin";

    /** The service that takes access logs. */
    static Collector logs(Scope scope) {
        MeshConfig mesh = scope.snapshot().meshConfig();
        RemoteService said = mesh.getDefaultConfig().getEnvoyAccessLogService();
        String address = scope.settings().accessLogService();
        CollectorLink link = said.getAddress().equals(address)
                ? CollectorLink.of(said.getTlsSettings(), said.getTcpKeepalive(), mesh)
                : CollectorLink.NONE;
        return at(LOGS, address, Protocol.GRPC, link);
    }

    /** The service that takes spans of Zipkin. */
    static Collector zipkin(Scope scope) {
        return at(ZIPKIN, scope.settings().zipkin(), Protocol.HTTP, spans(scope));
    }

    /** A provider's. */
    static Collector of(Scope scope, Providers.Address address) {
        return new Collector(
                address.own(),
                address.host(),
                address.port(),
                address.protocol(),
                address.own().isEmpty() ? CollectorLink.NONE : spans(scope));
    }

    /** How to connect to whatever collector of spans ProxyConfig names. */
    private static CollectorLink spans(Scope scope) {
        MeshConfig mesh = scope.snapshot().meshConfig();
        return CollectorLink.of(
                mesh.getDefaultConfig().getTracing().getTlsSettings(),
                RemoteService.getDefaultInstance().getTcpKeepalive(),
                mesh);
    }

    private static Collector at(String own, String address, Protocol protocol, CollectorLink link) {
        int colon = address.lastIndexOf(':');
        return colon <= 0
                ? new Collector("", "", 0, protocol, CollectorLink.NONE)
                : new Collector(
                        own,
                        address.substring(0, colon),
                        Integer.parseInt(address.substring(colon + 1)),
                        protocol,
                        link);
    }

    /** Its cluster; empty where there is no collector. */
    String name() {
        if (host.isEmpty()) {
            return "";
        }
        return link.equals(CollectorLink.NONE) ? Names.outbound(port, "", host) : own;
    }

    /** The cluster, unless it is that of a service which the proxy knows. */
    Optional<Cluster> cluster(Scope scope) {
        if (host.isEmpty()) {
            return Optional.empty();
        }
        boolean known = link.equals(CollectorLink.NONE)
                && scope.services().stream()
                        .anyMatch(service -> service.hostname().equals(host)
                                && service.port(port).isPresent());
        return known
                ? Optional.empty()
                : Optional.of(scope.cache()
                        .get(
                                new StaticClusters.Collector(
                                        name(),
                                        host,
                                        port,
                                        protocol,
                                        scope.settings().connectTimeout(),
                                        link),
                                StaticClusters.Collector::build));
    }
}
