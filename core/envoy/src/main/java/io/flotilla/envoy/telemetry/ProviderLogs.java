package io.flotilla.envoy.telemetry;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.AndFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ExtensionFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ResponseFlagFilter;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.envoy.NewerFields;
import io.flotilla.envoy.Wire;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Access logs of providers, as Envoy's. */
public final class ProviderLogs {
    private static final AccessLogFilter UNMATCHED = AccessLogFilter.newBuilder()
            .setResponseFlagFilter(ResponseFlagFilter.newBuilder().addFlags("NR"))
            .build();

    private ProviderLogs() {}

    /**
     * The logs of one side.
     *
     * @param http of requests; else of connections
     */
    public static List<AccessLog> of(Observation observation, boolean http) {
        List<AccessLog> logs = new ArrayList<>();
        for (Observation.Log log : observation.logs()) {
            log(log.provider(), http).ifPresent(each -> logs.add(filtered(each, log.filter())));
        }
        return logs;
    }

    /**
     * The logs of a listener: of connections that none of its chains takes, which no filter sees (Envoy tells them by the
     * flag NR).
     */
    public static List<AccessLog> unmatched(Observation observation) {
        List<AccessLog> logs = new ArrayList<>();
        for (Observation.Log log : observation.logs()) {
            log(log.provider(), false)
                    .ifPresent(each -> logs.add(each.toBuilder()
                            .setFilter(
                                    log.filter().isEmpty()
                                            ? UNMATCHED
                                            : AccessLogFilter.newBuilder()
                                                    .setAndFilter(AndFilter.newBuilder()
                                                            .addFilters(UNMATCHED)
                                                            .addFilters(filter(log.filter())))
                                                    .build())
                            .build()));
        }
        return logs;
    }

    private static AccessLog filtered(AccessLog log, String expression) {
        return expression.isEmpty()
                ? log
                : log.toBuilder().setFilter(filter(expression)).build();
    }

    private static AccessLogFilter filter(String expression) {
        return AccessLogFilter.newBuilder()
                .setExtensionFilter(ExtensionFilter.newBuilder()
                        .setName("envoy.access_loggers.extension_filters.cel")
                        .setTypedConfig(Wire.any(ExpressionFilter.newBuilder()
                                .setExpression(expression)
                                .build())))
                .build();
    }

    private static Optional<AccessLog> log(ExtensionProvider provider, boolean http) {
        if (provider.hasEnvoyFileAccessLog()) {
            return Optional.of(named("envoy.access_loggers.file", LogFiles.log(provider.getEnvoyFileAccessLog())));
        }
        return Providers.address(provider).flatMap(address -> switch (provider.getProviderCase()) {
            case ENVOY_HTTP_ALS -> http ? Optional.of(requests(provider, address)) : Optional.<AccessLog>empty();
            case ENVOY_TCP_ALS -> http ? Optional.<AccessLog>empty() : Optional.of(connections(provider, address));
            case ENVOY_OTEL_ALS -> Optional.of(telemetry(provider, address));
            default -> Optional.<AccessLog>empty();
        });
    }

    private static AccessLog requests(ExtensionProvider provider, Providers.Address address) {
        var als = provider.getEnvoyHttpAls();
        return named(
                "envoy.access_loggers.http_grpc",
                HttpGrpcAccessLogConfig.newBuilder()
                        .setCommonConfig(common(address, als.getLogName(), "http_envoy_accesslog")
                                .addAllFilterStateObjectsToLog(als.getFilterStateObjectsToLogList()))
                        .addAllAdditionalRequestHeadersToLog(als.getAdditionalRequestHeadersToLogList())
                        .addAllAdditionalResponseHeadersToLog(als.getAdditionalResponseHeadersToLogList())
                        .addAllAdditionalResponseTrailersToLog(als.getAdditionalResponseTrailersToLogList())
                        .build());
    }

    private static AccessLog connections(ExtensionProvider provider, Providers.Address address) {
        var als = provider.getEnvoyTcpAls();
        return named(
                "envoy.access_loggers.tcp_grpc",
                TcpGrpcAccessLogConfig.newBuilder()
                        .setCommonConfig(common(address, als.getLogName(), "tcp_envoy_accesslog")
                                .addAllFilterStateObjectsToLog(als.getFilterStateObjectsToLogList()))
                        .build());
    }

    private static AccessLog telemetry(ExtensionProvider provider, Providers.Address address) {
        var als = provider.getEnvoyOtelAls();
        OpenTelemetryAccessLogConfig.Builder config = OpenTelemetryAccessLogConfig.newBuilder();
        NewerFields.collector(config, Providers.grpc(address));
        NewerFields.logName(config, named(als.getLogName(), "otel_envoy_accesslog"));
        if (!als.getLogFormat().getText().isEmpty()) {
            config.setBody(text(als.getLogFormat().getText()));
        }
        if (als.getLogFormat().hasLabels()) {
            KeyValueList.Builder attributes = KeyValueList.newBuilder();
            new TreeMap<>(als.getLogFormat().getLabels().getFieldsMap())
                    .forEach((name, value) -> attributes.addValues(
                            KeyValue.newBuilder().setKey(name).setValue(text(value.getStringValue()))));
            config.setAttributes(attributes);
        }
        return named("envoy.access_loggers.open_telemetry", config.build());
    }

    private static AnyValue text(String text) {
        return AnyValue.newBuilder().setStringValue(text).build();
    }

    private static CommonGrpcAccessLogConfig.Builder common(Providers.Address address, String name, String otherwise) {
        return CommonGrpcAccessLogConfig.newBuilder()
                .setLogName(named(name, otherwise))
                .setTransportApiVersion(ApiVersion.V3)
                .setGrpcService(Providers.grpc(address));
    }

    private static String named(String name, String otherwise) {
        return name.isEmpty() ? otherwise : name;
    }

    private static AccessLog named(String name, Message config) {
        return AccessLog.newBuilder()
                .setName(name)
                .setTypedConfig(Wire.any(config))
                .build();
    }
}
