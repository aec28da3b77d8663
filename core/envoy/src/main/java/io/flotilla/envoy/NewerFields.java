package io.flotilla.envoy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds.RetryBudget;
import io.envoyproxy.envoy.config.common.matcher.v3.MatchPredicate;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HttpService;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig;
import io.envoyproxy.envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;

/**
 * Fields that Envoy 1.40 has and the API that we build with does not yet: written by their numbers, which are those of
 * the descriptors inside of that Envoy. {@link NewerApi} has their names, for whoever reads or prints them.
 */
public final class NewerFields {
    static final int TAG_VALUE = 6;
    static final int TRACE_CONTEXT_OPTION = 8;
    static final int COLLECTOR_SERVICE = 9;
    static final int NO_CONTEXT_PROPAGATION = 13;
    static final int OUTLIER_DETECTION = 8;
    static final int ERROR_MATCHER = 1;
    static final int BUDGET_INTERVAL = 3;
    static final int LOG_SERVICE = 9;
    static final int LOG_NAME = 10;
    private static final int YES = 1;

    private NewerFields() {}

    /** CustomTag.value: a text in the language of access logs. */
    public static void value(CustomTag.Builder tag, String format) {
        bytes(tag, TAG_VALUE, ByteString.copyFromUtf8(format));
    }

    /** ZipkinConfig.collector_service, which holds before the cluster and endpoint that stand beside it. */
    public static void collector(ZipkinConfig.Builder zipkin, HttpService service) {
        bytes(zipkin, COLLECTOR_SERVICE, service.toByteString());
    }

    /** ZipkinConfig.trace_context_option USE_B3_WITH_W3C_PROPAGATION. */
    public static void withW3c(ZipkinConfig.Builder zipkin) {
        number(zipkin, TRACE_CONTEXT_OPTION, YES);
    }

    /** HttpConnectionManager.Tracing.no_context_propagation. */
    public static void noContextPropagation(HttpConnectionManager.Tracing.Builder tracing) {
        number(tracing, NO_CONTEXT_PROPAGATION, YES);
    }

    /** HttpProtocolOptions.outlier_detection.error_matcher: which answers count as errors, instead of those from 500 on. */
    public static void errors(HttpProtocolOptions.Builder options, MatchPredicate answers) {
        UnknownFieldSet detection = UnknownFieldSet.newBuilder()
                .addField(ERROR_MATCHER, one(answers.toByteString()))
                .build();
        bytes(options, OUTLIER_DETECTION, detection.toByteString());
    }

    /** RetryBudget.budget_interval: over how long requests count, beside those in flight. */
    public static void interval(RetryBudget.Builder budget, Duration interval) {
        bytes(budget, BUDGET_INTERVAL, interval.toByteString());
    }

    /** OpenTelemetryAccessLogConfig.grpc_service: who gets the lines. */
    public static void collector(OpenTelemetryAccessLogConfig.Builder log, GrpcService service) {
        bytes(log, LOG_SERVICE, service.toByteString());
    }

    /** OpenTelemetryAccessLogConfig.log_name. */
    public static void logName(OpenTelemetryAccessLogConfig.Builder log, String name) {
        bytes(log, LOG_NAME, ByteString.copyFromUtf8(name));
    }

    private static void bytes(Message.Builder message, int number, ByteString value) {
        add(message, number, one(value));
    }

    private static void number(Message.Builder message, int number, long value) {
        add(message, number, UnknownFieldSet.Field.newBuilder().addVarint(value).build());
    }

    private static UnknownFieldSet.Field one(ByteString value) {
        return UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build();
    }

    private static void add(Message.Builder message, int number, UnknownFieldSet.Field field) {
        message.setUnknownFields(
                message.getUnknownFields().toBuilder().addField(number, field).build());
    }
}
