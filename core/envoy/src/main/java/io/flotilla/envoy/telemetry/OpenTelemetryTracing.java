package io.flotilla.envoy.telemetry;

import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HttpService;
import io.envoyproxy.envoy.config.core.v3.HttpUri;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.config.trace.v3.Tracing;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.resource_detectors.v3.DynatraceResourceDetectorConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.resource_detectors.v3.EnvironmentResourceDetectorConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.resource_detectors.v3.StaticConfigResourceDetectorConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.samplers.v3.DynatraceSamplerConfig;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider.HttpHeader;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider.OpenTelemetryTracingProvider;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider.OpenTelemetryTracingProvider.DynatraceSampler;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.Wire;

/** Spans to OpenTelemetry, over gRPC or HTTP. */
final class OpenTelemetryTracing {
    private OpenTelemetryTracing() {}

    static Tracing.Http of(OpenTelemetryTracingProvider provider, Providers.Address address, SpanService service) {
        OpenTelemetryConfig.Builder config = OpenTelemetryConfig.newBuilder().setServiceName(service.name());
        if (provider.hasHttp()) {
            config.setHttpService(http(provider.getHttp(), address));
        } else {
            config.setGrpcService(grpc(provider.getGrpc(), address));
        }
        // Later ones have the last word: what a pod says of itself holds.
        if (!service.attributes().isEmpty()) {
            config.addResourceDetectors(extension(
                    "envoy.tracers.opentelemetry.resource_detectors.static_config",
                    StaticConfigResourceDetectorConfig.newBuilder()
                            .putAllAttributes(service.attributes())
                            .build()));
        }
        if (provider.getResourceDetectors().hasEnvironment()) {
            config.addResourceDetectors(extension(
                    "envoy.tracers.opentelemetry.resource_detectors.environment",
                    EnvironmentResourceDetectorConfig.getDefaultInstance()));
        }
        if (provider.getResourceDetectors().hasDynatrace()) {
            config.addResourceDetectors(extension(
                    "envoy.tracers.opentelemetry.resource_detectors.dynatrace",
                    DynatraceResourceDetectorConfig.getDefaultInstance()));
        }
        if (provider.hasDynatraceSampler()) {
            config.setSampler(extension(
                    "envoy.tracers.opentelemetry.samplers.dynatrace",
                    sampler(provider.getDynatraceSampler(), address)));
        }
        return Tracing.Http.newBuilder()
                .setName("envoy.tracers.opentelemetry")
                .setTypedConfig(Wire.any(config.build()))
                .build();
    }

    private static GrpcService grpc(ExtensionProvider.GrpcService given, Providers.Address address) {
        GrpcService.Builder service = Providers.grpc(address).toBuilder();
        if (given.hasTimeout()) {
            service.setTimeout(given.getTimeout());
        }
        for (HttpHeader header : given.getInitialMetadataList()) {
            service.addInitialMetadata(value(header));
        }
        return service.build();
    }

    /** A collector over HTTP. */
    static HttpService http(ExtensionProvider.HttpService given, Providers.Address address) {
        HttpService.Builder service = HttpService.newBuilder()
                .setHttpUri(HttpUri.newBuilder()
                        .setUri("http://" + address.host() + ":" + address.port() + given.getPath())
                        .setCluster(address.cluster())
                        .setTimeout(given.hasTimeout() ? given.getTimeout() : Durations.fromSeconds(10)));
        for (HttpHeader header : given.getHeadersList()) {
            service.addRequestHeadersToAdd(HeaderValueOption.newBuilder().setHeader(value(header)));
        }
        return service.build();
    }

    private static HeaderValue value(HttpHeader header) {
        return HeaderValue.newBuilder()
                .setKey(header.getName())
                .setValue(header.hasEnvName() ? "%ENVIRONMENT(" + header.getEnvName() + ")%" : header.getValue())
                .build();
    }

    // Without a service of its own, the sampler asks the one that takes the spans.
    private static DynatraceSamplerConfig sampler(DynatraceSampler given, Providers.Address spans) {
        Providers.Address from = given.hasHttpService()
                ? new Providers.Address(
                        given.getHttpService().getService(),
                        given.getHttpService().getPort(),
                        Protocol.HTTP)
                : spans;
        DynatraceSamplerConfig.Builder sampler = DynatraceSamplerConfig.newBuilder()
                .setTenant(given.getTenant())
                .setClusterId(given.getClusterId())
                .setHttpService(http(given.getHttpService().getHttp(), from));
        if (given.getRootSpansPerMinute() > 0) {
            sampler.setRootSpansPerMinute(given.getRootSpansPerMinute());
        }
        return sampler.build();
    }

    private static TypedExtensionConfig extension(String name, Message config) {
        return TypedExtensionConfig.newBuilder()
                .setName(name)
                .setTypedConfig(Wire.any(config))
                .build();
    }
}
