package io.flotilla.envoy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider.OpenTelemetryTracingProvider;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider.ServiceAttributeEnrichment;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider.ZipkinTracingProvider;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig.TracingServiceName;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.mesh.Proxies;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose spans they are said to be. */
class SpanServiceTest {
    private static final ExtensionProvider OPEN_TELEMETRY = ExtensionProvider.newBuilder()
            .setOpentelemetry(OpenTelemetryTracingProvider.getDefaultInstance())
            .build();

    /** @param labels "NAME=VALUE NAME=VALUE" */
    private static ProxyView workload(String labels) {
        Map<String, String> all = new TreeMap<>();
        for (String label : labels.split(" ", -1)) {
            String[] parts = label.split("=", 2);
            if (parts.length == 2) {
                all.put(parts[0], parts[1]);
            }
        }
        return Proxies.view(Proxies.node("sidecar~10.44.0.9~web-0.shop~shop.svc.cluster.local", "web", all));
    }

    @ParameterizedTest
    @CsvSource({
        "APP_LABEL_AND_NAMESPACE, app=web, web.shop",
        "APP_LABEL_AND_NAMESPACE, app=web service.istio.io/canonical-name=front, web.shop",
        "APP_LABEL_AND_NAMESPACE, app.kubernetes.io/name=front, istio-proxy.shop",
        "CANONICAL_NAME_ONLY, app=web service.istio.io/canonical-name=front, front",
        "CANONICAL_NAME_ONLY, app=web app.kubernetes.io/name=named, named",
        "CANONICAL_NAME_ONLY, app=web, web",
        "CANONICAL_NAME_ONLY, version=v1, istio-proxy",
        "CANONICAL_NAME_AND_NAMESPACE, app=web service.istio.io/canonical-name=front, front.shop",
    })
    void openTelemetryIsToldTheNameThatTheMeshAsksFor(TracingServiceName naming, String labels, String name) {
        assertThat(SpanService.of(OPEN_TELEMETRY, naming, workload(labels))).isEqualTo(new SpanService(name, Map.of()));
    }

    @Test
    void itsOwnConventionsComeBeforeWhatTheMeshAsksFor() {
        ExtensionProvider conventional = ExtensionProvider.newBuilder()
                .setOpentelemetry(OpenTelemetryTracingProvider.newBuilder()
                        .setServiceAttributeEnrichment(ServiceAttributeEnrichment.OTEL_SEMANTIC_CONVENTIONS))
                .build();
        ProxyView view = workload("app=web app.kubernetes.io/instance=one app.kubernetes.io/version=7");
        assertThat(SpanService.of(conventional, TracingServiceName.CANONICAL_NAME_ONLY, view))
                .isEqualTo(new SpanService("one", Map.of("service.namespace", "shop", "service.version", "7")));
    }

    @Test
    void tracersWithoutSuchAFieldAreToldNothing() {
        ExtensionProvider zipkin = ExtensionProvider.newBuilder()
                .setZipkin(ZipkinTracingProvider.getDefaultInstance())
                .build();
        assertThat(SpanService.of(zipkin, TracingServiceName.CANONICAL_NAME_ONLY, workload("app=web")))
                .isEqualTo(SpanService.NONE);
    }
}
