package io.flotilla.config.gatewayapi;

import com.google.protobuf.Struct;
import io.flotilla.api.gatewayapi.v1.GatewayClass;
import io.flotilla.config.derive.Condition;
import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.derive.Json;
import io.flotilla.config.derive.ObjectStatus;
import io.flotilla.config.model.Config;
import java.util.List;
import java.util.Optional;

/** Which classes of Gateways are ours. */
record GatewayClasses(List<Config<GatewayClass>> classes, DeriveOptions options) {
    /** Features of the Gateway API's list that hold here. */
    private static final List<String> FEATURES = List.of(
            "BackendTLSPolicy",
            "BackendTLSPolicySANValidation",
            "GRPCRoute",
            "GRPCRouteNamedRouteRule",
            "Gateway",
            "GatewayHTTPListenerIsolation",
            "GatewayPort8080",
            "HTTPRoute",
            "HTTPRoute303RedirectStatusCode",
            "HTTPRoute307RedirectStatusCode",
            "HTTPRoute308RedirectStatusCode",
            "HTTPRouteBackendRequestHeaderModification",
            "HTTPRouteBackendTimeout",
            "HTTPRouteCORS",
            "HTTPRouteDestinationPortMatching",
            "HTTPRouteHostRewrite",
            "HTTPRouteMethodMatching",
            "HTTPRouteNamedRouteRule",
            "HTTPRouteParentRefPort",
            "HTTPRoutePathRedirect",
            "HTTPRoutePathRewrite",
            "HTTPRoutePortRedirect",
            "HTTPRouteQueryParamMatching",
            "HTTPRouteRequestMirror",
            "HTTPRouteRequestMultipleMirrors",
            "HTTPRouteRequestPercentageMirror",
            "HTTPRouteRequestTimeout",
            "HTTPRouteResponseHeaderModification",
            "HTTPRouteSchemeRedirect",
            "Mesh",
            "MeshConsumerRoute",
            "ReferenceGrant",
            "TLSRoute");

    /** By the controller in the class; classes of our names need no object, and may say Istio's controller. */
    boolean owns(String name) {
        boolean named = options.classes().contains(name);
        Optional<Config<GatewayClass>> found =
                classes.stream().filter(each -> each.name().equals(name)).findFirst();
        return found.map(this::owns).orElse(named);
    }

    private boolean owns(Config<GatewayClass> config) {
        String controller = config.spec().getControllerName();
        return controller.equals(options.controllerName())
                || (options.classes().contains(config.name()) && controller.equals(DeriveOptions.ISTIO_CONTROLLER));
    }

    List<ObjectStatus> statuses() {
        return classes.stream()
                .filter(this::owns)
                .map(each -> new ObjectStatus(each.key(), status(each)))
                .toList();
    }

    private static Struct status(Config<GatewayClass> config) {
        Condition accepted = config.spec().hasParametersRef()
                ? Condition.no("Accepted", "InvalidParameters", "parametersRef is not supported; leave it out")
                : Condition.yes("Accepted");
        return new Json()
                .conditions(List.of(accepted))
                .put(
                        "supportedFeatures",
                        FEATURES.stream()
                                .map(feature -> new Json().put("name", feature).build())
                                .toList())
                .build();
    }
}
