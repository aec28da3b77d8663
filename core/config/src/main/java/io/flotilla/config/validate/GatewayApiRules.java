package io.flotilla.config.validate;

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

/** The rules of gateway.networking.k8s.io and of Ingress. */
final class GatewayApiRules {
    private GatewayApiRules() {}

    static void addTo(RuleBook rules) {
        rules.add(GatewayApi.GATEWAY_CLASS, GatewayClass.class, ApiGatewayRules::gatewayClass);
        rules.add(GatewayApi.GATEWAY, Gateway.class, ApiGatewayRules::gateway);
        rules.add(GatewayApi.HTTP_ROUTE, HTTPRoute.class, ApiHttpRouteRules::check);
        rules.add(GatewayApi.GRPC_ROUTE, GRPCRoute.class, ApiRouteRules::grpc);
        rules.add(GatewayApi.TLS_ROUTE, TLSRoute.class, ApiRouteRules::tls);
        rules.add(GatewayApi.TCP_ROUTE, TCPRoute.class, ApiRouteRules::tcp);
        rules.add(GatewayApi.REFERENCE_GRANT, ReferenceGrant.class, ApiPolicyRules::grant);
        rules.add(GatewayApi.BACKEND_TLS_POLICY, BackendTLSPolicy.class, ApiPolicyRules::backendTls);
        rules.add(GatewayApi.INGRESS, Ingress.class, IngressRules::ingress);
        rules.add(GatewayApi.INGRESS_CLASS, IngressClass.class, IngressRules::ingressClass);
    }
}
