package io.flotilla.config.object;

import io.flotilla.api.gatewayapi.v1.BackendTLSPolicy;
import io.flotilla.api.gatewayapi.v1.GRPCRoute;
import io.flotilla.api.gatewayapi.v1.Gateway;
import io.flotilla.api.gatewayapi.v1.GatewayClass;
import io.flotilla.api.gatewayapi.v1.HTTPRoute;
import io.flotilla.api.gatewayapi.v1.ReferenceGrant;
import io.flotilla.api.gatewayapi.v1.TCPRoute;
import io.flotilla.api.gatewayapi.v1.TLSRoute;
import io.flotilla.api.ingress.v1.Ingress;
import io.flotilla.api.ingress.v1.IngressClass;
import io.flotilla.config.model.GatewayApi;
import java.util.List;

/** gateway.networking.k8s.io, and Ingress before it: what is turned into Istio's kinds. */
final class GatewayApiKinds {
    private static final String[] CORE = {"v1alpha2", "v1beta1", "v1"};

    private GatewayApiKinds() {}

    static List<KnownKind> list() {
        KnownKind ingress = KnownKind.spec(GatewayApi.INGRESS, Ingress.getDefaultInstance(), "v1beta1", "v1");
        return List.of(
                KnownKind.clusterSpec(GatewayApi.GATEWAY_CLASS, GatewayClass.getDefaultInstance(), CORE),
                KnownKind.spec(GatewayApi.GATEWAY, Gateway.getDefaultInstance(), CORE),
                KnownKind.spec(GatewayApi.HTTP_ROUTE, HTTPRoute.getDefaultInstance(), CORE),
                KnownKind.spec(GatewayApi.GRPC_ROUTE, GRPCRoute.getDefaultInstance(), "v1alpha2", "v1"),
                KnownKind.spec(GatewayApi.TLS_ROUTE, TLSRoute.getDefaultInstance(), "v1alpha2", "v1alpha3", "v1"),
                KnownKind.spec(GatewayApi.TCP_ROUTE, TCPRoute.getDefaultInstance(), "v1alpha2", "v1"),
                KnownKind.spec(GatewayApi.REFERENCE_GRANT, ReferenceGrant.getDefaultInstance(), CORE),
                KnownKind.spec(
                        GatewayApi.BACKEND_TLS_POLICY,
                        BackendTLSPolicy.getDefaultInstance(),
                        "v1alpha2",
                        "v1alpha3",
                        "v1"),
                ingress.alsoIn("extensions", "v1beta1"),
                ingress,
                KnownKind.clusterSpec(GatewayApi.INGRESS_CLASS, IngressClass.getDefaultInstance(), "v1beta1", "v1"));
    }
}
