package io.flotilla.discovery;

import java.util.Set;

/** Type URLs of Envoy's resources (xDS v3). */
public final class TypeUrls {
    public static final String CLUSTER = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    public static final String ENDPOINT = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";
    public static final String LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener";
    public static final String ROUTE = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";
    public static final String SCOPED_ROUTE = "type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration";
    public static final String VIRTUAL_HOST = "type.googleapis.com/envoy.config.route.v3.VirtualHost";
    public static final String SECRET = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";
    public static final String EXTENSION = "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig";
    public static final String RUNTIME = "type.googleapis.com/envoy.service.runtime.v3.Runtime";

    private TypeUrls() {}

    /** What istioctl asks a control plane for. */
    public static final String DEBUG = "istio.io/debug";

    /** Endpoints and workloads of Galley's registry, a group for each namespace. */
    public static final Set<String> BY_NAMESPACE =
            Set.of("flotilla.registry.v1/EndpointSlice", "flotilla.registry.v1/Workload");

    /** Whether a name also stands for all names that begin with it and a slash. */
    public static boolean grouped(String typeUrl) {
        return typeUrl.equals(VIRTUAL_HOST) || BY_NAMESPACE.contains(typeUrl) || typeUrl.startsWith(DEBUG);
    }
}
