package io.flotilla.envoy.mesh;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.ProxyView;
import java.util.Map;

/** Proxies of tests. */
public final class Proxies {
    private Proxies() {}

    /** The sidecar of a pod in "default". */
    public static ProxyView sidecar(String app, String version) {
        return view(node(
                "sidecar~10.44.0.9~" + app + "-" + version + "-0.default~default.svc.cluster.local",
                "bookinfo-" + app,
                Map.of("app", app, "version", version)));
    }

    /** The ingress gateway. */
    public static ProxyView ingress() {
        return view(node(
                "router~10.44.0.8~istio-ingressgateway-0.istio-system~istio-system.svc.cluster.local",
                "istio-ingressgateway-service-account",
                Map.of("app", "istio-ingressgateway", "istio", "ingressgateway")));
    }

    /** A pod of the ingress gateway that serves a Gateway of the Gateway API. */
    public static ProxyView ofGateway(String name) {
        return view(node(
                "router~10.44.0.7~" + name + "-0.istio-system~istio-system.svc.cluster.local",
                "istio-ingressgateway-service-account",
                Map.of(
                        "istio",
                        "ingressgateway",
                        "gateway.networking.k8s.io/gateway-name",
                        name,
                        "gateway.networking.k8s.io/gateway-class-name",
                        "istio")));
    }

    /** A view as the node tells it. */
    public static ProxyView view(Node node) {
        return switch (Proxy.parse(node)) {
            case Proxy.Parsed.Accepted(Proxy proxy) ->
                new ProxyView(
                        proxy.role(),
                        new ProxyView.Workload(
                                proxy.pod().namespace(),
                                proxy.pod().serviceAccount(),
                                proxy.pod().labels()),
                        proxy.locality(),
                        proxy.capture(),
                        proxy.revision());
            case Proxy.Parsed.Refused(String message) -> throw new AssertionError(message);
        };
    }

    /** A node as bootstraps make it. */
    public static Node node(String id, String serviceAccount, Map<String, String> labels) {
        Struct.Builder struct = Struct.newBuilder();
        labels.forEach((name, value) -> struct.putFields(name, text(value)));
        return Node.newBuilder()
                .setId(id)
                .setMetadata(Struct.newBuilder()
                        .putFields("SERVICE_ACCOUNT", text(serviceAccount))
                        .putFields(
                                "LABELS",
                                Value.newBuilder().setStructValue(struct).build()))
                .build();
    }

    private static Value text(String value) {
        return Value.newBuilder().setStringValue(value).build();
    }
}
