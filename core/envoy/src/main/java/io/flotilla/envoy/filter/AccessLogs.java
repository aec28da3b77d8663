package io.flotilla.envoy.filter;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKey;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKind;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import io.flotilla.envoy.Wire;
import java.util.List;

/** Access logs to Mixer, one entry per request or connection (Envoy's access log service). */
public final class AccessLogs {
    private static final List<String> HEADERS =
            List.of(PeerHeader.NAME, "x-request-id", "x-b3-traceid", "traceparent", "user-agent", "content-type");
    private static final String GRPC_STATUS = "grpc-status";
    // Envoy drops what does not fit while Mixer cannot take it: room for about a second at 1,000 requests/s.
    private static final UInt32Value BUFFER_BYTES = UInt32Value.of(262_144);
    private static final Duration FLUSH = Durations.fromMillis(200);

    private AccessLogs() {}

    /** On whose side of a request the proxy stands. */
    public enum Side {
        INBOUND("flotilla.inbound"),
        OUTBOUND("flotilla.outbound"),
        GATEWAY("flotilla.gateway");

        private final String logName;

        Side(String logName) {
            this.logName = logName;
        }
    }

    /** The log of an HTTP connection manager; none where no collector is set. */
    static List<AccessLog> http(Collectors collectors, Side side) {
        if (collectors.accessLog().isEmpty()) {
            return List.of();
        }
        HttpGrpcAccessLogConfig config = HttpGrpcAccessLogConfig.newBuilder()
                .setCommonConfig(common(collectors, side)
                        .addCustomTags(peer())
                        .addAllCustomTags(collectors.observed(side).metrics().told(true)))
                .addAllAdditionalRequestHeadersToLog(HEADERS)
                .addAdditionalResponseHeadersToLog(GRPC_STATUS)
                .addAdditionalResponseTrailersToLog(GRPC_STATUS)
                .build();
        return List.of(AccessLog.newBuilder()
                .setName("envoy.access_loggers.http_grpc")
                .setTypedConfig(Wire.any(config))
                .build());
    }

    /** The log of a TCP proxy. */
    static List<AccessLog> tcp(Collectors collectors, Side side) {
        if (collectors.accessLog().isEmpty()) {
            return List.of();
        }
        return List.of(AccessLog.newBuilder()
                .setName("envoy.access_loggers.tcp_grpc")
                .setTypedConfig(Wire.any(TcpGrpcAccessLogConfig.newBuilder()
                        .setCommonConfig(common(collectors, side)
                                .addAllCustomTags(
                                        collectors.observed(side).metrics().told(false)))
                        .build()))
                .build());
    }

    private static CommonGrpcAccessLogConfig.Builder common(Collectors collectors, Side side) {
        return CommonGrpcAccessLogConfig.newBuilder()
                .setLogName(side.logName)
                .setTransportApiVersion(ApiVersion.V3)
                .setBufferFlushInterval(FLUSH)
                .setBufferSizeBytes(BUFFER_BYTES)
                .setGrpcService(GrpcService.newBuilder()
                        .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder().setClusterName(collectors.accessLog())));
    }

    // The header itself is gone from the request by the time it is logged.
    private static CustomTag peer() {
        return CustomTag.newBuilder()
                .setTag(PeerHeader.NAME)
                .setMetadata(CustomTag.Metadata.newBuilder()
                        .setKind(MetadataKind.newBuilder().setRequest(MetadataKind.Request.getDefaultInstance()))
                        .setMetadataKey(MetadataKey.newBuilder()
                                .setKey(PeerHeader.METADATA)
                                .addPath(MetadataKey.PathSegment.newBuilder().setKey(PeerHeader.METADATA_KEY))))
                .build();
    }
}
