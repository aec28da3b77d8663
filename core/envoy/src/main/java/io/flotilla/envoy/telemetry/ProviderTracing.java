package io.flotilla.envoy.telemetry;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.trace.v3.DatadogConfig;
import io.envoyproxy.envoy.config.trace.v3.SkyWalkingConfig;
import io.envoyproxy.envoy.config.trace.v3.Tracing;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.RequestIDExtension;
import io.envoyproxy.envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import io.envoyproxy.envoy.type.v3.Percent;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.envoy.NewerFields;
import io.flotilla.envoy.Wire;
import java.util.Optional;

/** Tracing of an HTTP connection manager, changed by what Telemetry says. */
public final class ProviderTracing {
    /** What spans at Datadog belong to; Istio says so of every proxy, and names the workload by tags. */
    private static final String SERVICE = "envoy";

    private static final Duration ZIPKIN_TIMEOUT = Durations.fromSeconds(5);

    private ProviderTracing() {}

    /** Changes what the manager has by the mesh's settings. */
    public static void apply(HttpConnectionManager.Builder manager, Observation observed, double sampling) {
        Observation.Trace trace = observed.tracing();
        if (trace.requestId()) {
            manager.setRequestIdExtension(RequestIDExtension.newBuilder()
                    .setTypedConfig(Wire.any(UuidRequestIdConfig.newBuilder()
                            .setUseRequestIdForTraceSampling(Wire.yes())
                            .build())));
        }
        trace.provider().flatMap(each -> provider(each, observed.service())).ifPresent(provider -> {
            HttpConnectionManager.Tracing.Builder built = HttpConnectionManager.Tracing.newBuilder()
                    .setClientSampling(percent(100))
                    .setRandomSampling(percent(sampling))
                    .setOverallSampling(percent(100))
                    .setProvider(provider);
            int length = tagLength(trace.provider().orElseThrow());
            if (length > 0) {
                built.setMaxPathTagLength(UInt32Value.of(length));
            }
            manager.setTracing(built);
        });
        if (trace.off()) {
            manager.clearTracing();
        }
        if (manager.hasTracing()) {
            HttpConnectionManager.Tracing.Builder built = manager.getTracingBuilder();
            trace.sampling().ifPresent(percent -> built.setRandomSampling(percent(percent)));
            trace.tags().own().forEach((name, tag) -> tag(name, tag).ifPresent(built::addCustomTags));
            if (trace.alone()) {
                NewerFields.noContextPropagation(built);
            }
        }
    }

    private static Percent percent(double value) {
        return Percent.newBuilder().setValue(value).build();
    }

    private static Optional<CustomTag> tag(String name, io.flotilla.api.telemetry.v1alpha1.Tracing.CustomTag tag) {
        CustomTag.Builder built = CustomTag.newBuilder().setTag(name);
        switch (tag.getTypeCase()) {
            case LITERAL -> built.getLiteralBuilder().setValue(tag.getLiteral().getValue());
            case ENVIRONMENT ->
                built.getEnvironmentBuilder()
                        .setName(tag.getEnvironment().getName())
                        .setDefaultValue(tag.getEnvironment().getDefaultValue());
            case HEADER ->
                built.getRequestHeaderBuilder()
                        .setName(tag.getHeader().getName())
                        .setDefaultValue(tag.getHeader().getDefaultValue());
            case FORMATTER -> {
                return Optional.of(Metered.filled(name, tag.getFormatter().getValue()));
            }
            case TYPE_NOT_SET -> {
                return Optional.empty();
            }
        }
        return Optional.of(built.build());
    }

    private static int tagLength(ExtensionProvider provider) {
        return switch (provider.getProviderCase()) {
            case ZIPKIN -> provider.getZipkin().getMaxTagLength();
            case DATADOG -> provider.getDatadog().getMaxTagLength();
            default -> provider.getOpentelemetry().getMaxTagLength();
        };
    }

    private static Optional<Tracing.Http> provider(ExtensionProvider provider, SpanService service) {
        return Providers.address(provider).flatMap(address -> switch (provider.getProviderCase()) {
            case ZIPKIN -> Optional.of(zipkin(provider.getZipkin(), address));
            case OPENTELEMETRY -> Optional.of(OpenTelemetryTracing.of(provider.getOpentelemetry(), address, service));
            case DATADOG -> Optional.of(datadog(address));
            case SKYWALKING -> Optional.of(skywalking(provider.getSkywalking(), address));
            default -> Optional.<Tracing.Http>empty();
        });
    }

    private static Tracing.Http zipkin(ExtensionProvider.ZipkinTracingProvider provider, Providers.Address address) {
        String path = provider.getPath().isEmpty() ? "/api/v2/spans" : provider.getPath();
        ZipkinConfig.Builder zipkin = ZipkinConfig.newBuilder()
                .setCollectorCluster(address.cluster())
                .setCollectorEndpoint(path)
                .setCollectorEndpointVersion(ZipkinConfig.CollectorEndpointVersion.HTTP_JSON)
                .setCollectorHostname(address.host() + ":" + address.port())
                .setTraceId128Bit(!provider.getEnable64BitTraceId())
                .setSharedSpanContext(Wire.no());
        if (provider.hasTimeout() || provider.getHeadersCount() > 0) {
            ExtensionProvider.HttpService.Builder asked =
                    ExtensionProvider.HttpService.newBuilder().setPath(path).addAllHeaders(provider.getHeadersList());
            asked.setTimeout(provider.hasTimeout() ? provider.getTimeout() : ZIPKIN_TIMEOUT);
            NewerFields.collector(zipkin, OpenTelemetryTracing.http(asked.build(), address));
        }
        if (provider.getTraceContextOption()
                == ExtensionProvider.ZipkinTracingProvider.TraceContextOption.USE_B3_WITH_W3C_PROPAGATION) {
            NewerFields.withW3c(zipkin);
        }
        return Tracing.Http.newBuilder()
                .setName("envoy.tracers.zipkin")
                .setTypedConfig(Wire.any(zipkin.build()))
                .build();
    }

    private static Tracing.Http datadog(Providers.Address address) {
        return Tracing.Http.newBuilder()
                .setName("envoy.tracers.datadog")
                .setTypedConfig(Wire.any(DatadogConfig.newBuilder()
                        .setCollectorCluster(address.cluster())
                        .setCollectorHostname(address.host())
                        .setServiceName(SERVICE)
                        .build()))
                .build();
    }

    private static Tracing.Http skywalking(
            ExtensionProvider.SkyWalkingTracingProvider provider, Providers.Address address) {
        SkyWalkingConfig.Builder config = SkyWalkingConfig.newBuilder().setGrpcService(Providers.grpc(address));
        if (!provider.getAccessToken().isEmpty()) {
            config.getClientConfigBuilder().setBackendToken(provider.getAccessToken());
        }
        return Tracing.Http.newBuilder()
                .setName("envoy.tracers.skywalking")
                .setTypedConfig(Wire.any(config.build()))
                .build();
    }
}
