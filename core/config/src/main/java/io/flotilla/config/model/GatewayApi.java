package io.flotilla.config.model;

import java.util.Set;

/** The kinds of the Kubernetes Gateway API and of Ingress, which Galley turns into Istio's kinds. */
public final class GatewayApi {
    public static final String GROUP = "gateway.networking.k8s.io";
    public static final Kind GATEWAY_CLASS = new Kind(GROUP, "GatewayClass");
    public static final Kind GATEWAY = new Kind(GROUP, "Gateway");
    public static final Kind HTTP_ROUTE = new Kind(GROUP, "HTTPRoute");
    public static final Kind GRPC_ROUTE = new Kind(GROUP, "GRPCRoute");
    public static final Kind TLS_ROUTE = new Kind(GROUP, "TLSRoute");
    public static final Kind TCP_ROUTE = new Kind(GROUP, "TCPRoute");
    public static final Kind REFERENCE_GRANT = new Kind(GROUP, "ReferenceGrant");
    public static final Kind BACKEND_TLS_POLICY = new Kind(GROUP, "BackendTLSPolicy");
    public static final Kind INGRESS = new Kind("networking.k8s.io", "Ingress");
    public static final Kind INGRESS_CLASS = new Kind("networking.k8s.io", "IngressClass");
    public static final Kind SECRET = new Kind("", "Secret");

    private static final Set<Kind> ALL = Set.of(
            GATEWAY_CLASS,
            GATEWAY,
            HTTP_ROUTE,
            GRPC_ROUTE,
            TLS_ROUTE,
            TCP_ROUTE,
            REFERENCE_GRANT,
            BACKEND_TLS_POLICY,
            INGRESS,
            INGRESS_CLASS);

    private GatewayApi() {}

    /** Routes of the Gateway API: one says nothing of what another is. */
    public static boolean isRoute(Kind kind) {
        return kind.equals(HTTP_ROUTE) || kind.equals(GRPC_ROUTE) || kind.equals(TLS_ROUTE) || kind.equals(TCP_ROUTE);
    }

    /** Whether objects of a kind are translated, and so not published themselves. */
    public static boolean isTranslated(Kind kind) {
        return ALL.contains(kind);
    }
}
