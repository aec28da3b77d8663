package io.flotilla.envoy.bootstrap;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.metrics.v3.MetricsServiceConfig;
import io.envoyproxy.envoy.config.metrics.v3.StatsdSink;
import io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3.Gzip;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.http.credential_injector.v3.CredentialInjector;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig;
import io.envoyproxy.envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.flotilla.envoy.EnvoyTypes;
import java.util.function.UnaryOperator;

/** A bootstrap as the JSON that Envoy reads with {@code -c}. */
public final class BootstrapJson {
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer()
            .preservingProtoFieldNames()
            .sortingMapKeys()
            .usingTypeRegistry(JsonFormat.TypeRegistry.newBuilder()
                    .add(Compressor.getDescriptor())
                    .add(CredentialInjector.getDescriptor())
                    .add(DownstreamConnectionsConfig.getDescriptor())
                    .add(FixedHeapConfig.getDescriptor())
                    .add(Gzip.getDescriptor())
                    .add(TypedStruct.getDescriptor())
                    .add(HealthCheck.getDescriptor())
                    .add(HttpConnectionManager.getDescriptor())
                    .add(HttpProtocolOptions.getDescriptor())
                    .add(MetricsServiceConfig.getDescriptor())
                    .add(Router.getDescriptor())
                    .add(StatsdSink.getDescriptor())
                    .add(UpstreamCodec.getDescriptor())
                    .add(UpstreamTlsContext.getDescriptor())
                    .build());

    private BootstrapJson() {}

    /** On one line. */
    public static String compact(Bootstrap bootstrap) {
        return print(bootstrap, JsonFormat.Printer::omittingInsignificantWhitespace);
    }

    /** Indented, for people. */
    public static String pretty(Bootstrap bootstrap) {
        return print(bootstrap, printer -> printer) + "\n";
    }

    private static String print(Bootstrap bootstrap, UnaryOperator<JsonFormat.Printer> form) {
        try {
            return form.apply(PRINTER).print(bootstrap);
        } catch (InvalidProtocolBufferException ofAPatch) {
            return withAllTypes(bootstrap, form);
        }
    }

    // A patch may bring any extension. Their types are a thousand classes, which are loaded only then.
    private static String withAllTypes(Bootstrap bootstrap, UnaryOperator<JsonFormat.Printer> form) {
        try {
            return form.apply(JsonFormat.printer()
                            .preservingProtoFieldNames()
                            .sortingMapKeys()
                            .usingTypeRegistry(EnvoyTypes.registry()))
                    .print(bootstrap);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a bootstrap holds a message type that nobody here knows", e);
        }
    }
}
