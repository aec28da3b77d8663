package io.flotilla.config.derive;

import java.util.List;
import java.util.Map;

/**
 * What translation depends on beside the objects.
 *
 * @param controllerName in statuses, and in the GatewayClasses that are ours: "flotilla.io/gateway-controller"
 * @param classes        names of GatewayClasses that are ours without an object, or with Istio's controller in it
 * @param domainSuffix   of services, "cluster.local"
 * @param rootNamespace  where the default gateway stands, "istio-system"
 * @param selector       labels of the default gateway's pods where its Service is not known
 * @param secretsKnown   Secrets are among the objects, so that a missing one is an error
 */
public record DeriveOptions(
        String controllerName,
        List<String> classes,
        String domainSuffix,
        String rootNamespace,
        Map<String, String> selector,
        boolean secretsKnown) {
    /** Under which statuses are written unless a setting says otherwise. */
    public static final String CONTROLLER = "flotilla.io/gateway-controller";

    /** Istio's own, of classes that were made for it. */
    public static final String ISTIO_CONTROLLER = "istio.io/gateway-controller";

    public DeriveOptions {
        classes = List.copyOf(classes);
        selector = Map.copyOf(selector);
    }

    /** The defaults for a mesh. */
    public static DeriveOptions of(String domainSuffix, String rootNamespace) {
        return new DeriveOptions(
                CONTROLLER,
                List.of("istio", "flotilla"),
                domainSuffix,
                rootNamespace,
                Map.of("istio", "ingressgateway"),
                false);
    }

    /** The host of a Service. */
    public String host(String name, String namespace) {
        return name + "." + namespace + ".svc." + domainSuffix;
    }
}
