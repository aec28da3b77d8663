package io.flotilla.envoy;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.grpc_web.v3.GrpcWeb;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.sni_cluster.v3.SniCluster;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.filters.network.wasm.v3.Wasm;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.resource_detectors.v3.DynatraceResourceDetectorConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.resource_detectors.v3.EnvironmentResourceDetectorConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.resource_detectors.v3.StaticConfigResourceDetectorConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.samplers.v3.DynatraceSamplerConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.flotilla.config.validate.EnvoyExtensions;
import java.util.List;
import java.util.stream.Stream;

/** The types that are packed in what translation makes, for whoever prints it as JSON. */
public final class EnvoyTypes {
    private static final List<Descriptor> PACKED = List.of(
            Cluster.getDescriptor(),
            ClusterLoadAssignment.getDescriptor(),
            TypedExtensionConfig.getDescriptor(),
            Listener.getDescriptor(),
            RouteConfiguration.getDescriptor(),
            TypedStruct.getDescriptor(),
            io.envoyproxy.envoy.extensions.clusters.dns.v3.DnsCluster.getDescriptor(),
            io.envoyproxy.envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig.getDescriptor(),
            io.envoyproxy.envoy.extensions.filters.http.dynamic_forward_proxy.v3.FilterConfig.getDescriptor(),
            io.envoyproxy.envoy.extensions.filters.http.dynamic_forward_proxy.v3.PerRouteConfig.getDescriptor(),
            io.envoyproxy.envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig.getDescriptor(),
            io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.getDescriptor(),
            io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC.getDescriptor(),
            Secret.getDescriptor(),
            ZipkinConfig.getDescriptor(),
            HttpGrpcAccessLogConfig.getDescriptor(),
            TcpGrpcAccessLogConfig.getDescriptor(),
            Cors.getDescriptor(),
            CorsPolicy.getDescriptor(),
            HTTPFault.getDescriptor(),
            ExtAuthz.getDescriptor(),
            io.envoyproxy.envoy.extensions.filters.network.ext_authz.v3.ExtAuthz.getDescriptor(),
            GrpcWeb.getDescriptor(),
            HeaderMutation.getDescriptor(),
            io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config.getDescriptor(),
            io.envoyproxy.envoy.extensions.filters.http.set_filter_state.v3.Config.getDescriptor(),
            Router.getDescriptor(),
            SniCluster.getDescriptor(),
            UpstreamCodec.getDescriptor(),
            HttpInspector.getDescriptor(),
            OriginalDst.getDescriptor(),
            TlsInspector.getDescriptor(),
            HttpConnectionManager.getDescriptor(),
            TcpProxy.getDescriptor(),
            PreviousHostsPredicate.getDescriptor(),
            PreviousPrioritiesConfig.getDescriptor(),
            ProxyProtocolUpstreamTransport.getDescriptor(),
            io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol.getDescriptor(),
            io.envoyproxy.envoy.extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig
                    .getDescriptor(),
            RawBuffer.getDescriptor(),
            DownstreamTlsContext.getDescriptor(),
            UpstreamTlsContext.getDescriptor(),
            HttpProtocolOptions.getDescriptor(),
            com.github.udpa.udpa.type.v1.TypedStruct.getDescriptor(),
            Wasm.getDescriptor(),
            io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter.getDescriptor(),
            io.envoyproxy.envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig
                    .getDescriptor(),
            io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig.getDescriptor(),
            io.envoyproxy.envoy.config.trace.v3.DatadogConfig.getDescriptor(),
            io.envoyproxy.envoy.config.trace.v3.SkyWalkingConfig.getDescriptor(),
            DynatraceResourceDetectorConfig.getDescriptor(),
            EnvironmentResourceDetectorConfig.getDescriptor(),
            StaticConfigResourceDetectorConfig.getDescriptor(),
            DynatraceSamplerConfig.getDescriptor(),
            io.envoyproxy.envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig.getDescriptor());

    private static final TypeRegistry REGISTRY = registry(new NewerApi());

    private static TypeRegistry registry(NewerApi api) {
        return TypeRegistry.newBuilder()
                .add(Stream.concat(
                                PACKED.stream(),
                                EnvoyExtensions.known().stream().map(Message::getDescriptorForType))
                        .map(api::of)
                        .toList())
                .build();
    }

    private EnvoyTypes() {}

    /** All of them. */
    public static TypeRegistry registry() {
        return REGISTRY;
    }

    /** Protobuf JSON of a resource. */
    public static String json(Message message) {
        return EnvoyJson.of(message);
    }
}
