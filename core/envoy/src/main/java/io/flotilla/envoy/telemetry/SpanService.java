package io.flotilla.envoy.telemetry;

import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider.ServiceAttributeEnrichment;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig.TracingServiceName;
import io.flotilla.envoy.ProxyView;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whose spans they are, for OpenTelemetry: of the workload, since replicas are told the same. What tells replicas apart
 * (service.instance.id) is for the resource detector that reads the pod's environment.
 *
 * @param name       service.name; empty for Envoy's own word
 * @param attributes of the resource beside it, sorted
 */
public record SpanService(String name, Map<String, String> attributes) {
    /** Where nobody asks. */
    static final SpanService NONE = new SpanService("", Map.of());

    // What Istio says of a workload without any name.
    private static final String NAMELESS = "istio-proxy";
    private static final String APP = "app";
    private static final String CANONICAL = "service.istio.io/canonical-name";
    private static final String COMMON_NAME = "app.kubernetes.io/name";
    private static final String COMMON_INSTANCE = "app.kubernetes.io/instance";
    private static final String COMMON_VERSION = "app.kubernetes.io/version";

    /** Labels by which workloads are named. */
    static final Set<String> LABELS = Set.of(APP, CANONICAL, COMMON_NAME, COMMON_INSTANCE, COMMON_VERSION);

    public SpanService {
        attributes = java.util.Collections.unmodifiableMap(new TreeMap<>(attributes));
    }

    /**
     * What a provider is told of a proxy's workload: by OpenTelemetry's conventions for Kubernetes where it asks for
     * them, else as MeshConfig.defaultConfig.tracingServiceName says.
     */
    static SpanService of(ExtensionProvider provider, TracingServiceName naming, ProxyView view) {
        if (!provider.hasOpentelemetry()) {
            return NONE;
        }
        if (provider.getOpentelemetry().getServiceAttributeEnrichment()
                == ServiceAttributeEnrichment.OTEL_SEMANTIC_CONVENTIONS) {
            return byConvention(view);
        }
        String canonical = label(view, CANONICAL, COMMON_NAME, APP);
        return new SpanService(
                switch (naming) {
                    case CANONICAL_NAME_ONLY -> canonical;
                    case CANONICAL_NAME_AND_NAMESPACE -> canonical + "." + view.namespace();
                    case APP_LABEL_AND_NAMESPACE, UNRECOGNIZED -> label(view, APP) + "." + view.namespace();
                },
                Map.of());
    }

    private static SpanService byConvention(ProxyView view) {
        Map<String, String> attributes = new TreeMap<>(Map.of("service.namespace", view.namespace()));
        String version = view.labels().get(COMMON_VERSION);
        if (version != null) {
            attributes.put("service.version", version);
        }
        return new SpanService(label(view, COMMON_INSTANCE, COMMON_NAME, APP), attributes);
    }

    /** The first of these labels that a workload has. */
    private static String label(ProxyView view, String... names) {
        return List.of(names).stream()
                .flatMap(name -> view.labels().getOrDefault(name, "").lines())
                .findFirst()
                .orElse(NAMELESS);
    }
}
