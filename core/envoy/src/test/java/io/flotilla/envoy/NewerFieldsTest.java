package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.common.matcher.v3.MatchPredicate;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HttpService;
import io.envoyproxy.envoy.config.core.v3.HttpUri;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig;
import io.envoyproxy.envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import org.junit.jupiter.api.Test;

/** Fields that our copy of Envoy's API lacks are printed and read by their names. */
class NewerFieldsTest {
    private static String printed(Message.Builder message) throws Exception {
        Any packed = Any.pack(message.build());
        String json = EnvoyJson.of(packed);
        Any.Builder read = Any.newBuilder();
        JsonFormat.parser().usingTypeRegistry(EnvoyTypes.registry()).merge(json, read);
        assertThat(read.build()).isEqualTo(packed);
        return json.replaceAll("\\s+", "");
    }

    @Test
    void theyAreInWhatIsPrintedAndCanBeReadAgain() throws Exception {
        CustomTag.Builder tag = CustomTag.newBuilder().setTag("t");
        NewerFields.value(tag, "%PROTOCOL%");
        HttpConnectionManager.Builder manager = HttpConnectionManager.newBuilder();
        NewerFields.noContextPropagation(manager.getTracingBuilder().addCustomTags(tag));
        assertThat(printed(manager))
                .contains("\"noContextPropagation\":true", "{\"tag\":\"t\",\"value\":\"%PROTOCOL%\"}");

        ZipkinConfig.Builder zipkin = ZipkinConfig.newBuilder();
        NewerFields.withW3c(zipkin);
        NewerFields.collector(
                zipkin,
                HttpService.newBuilder()
                        .setHttpUri(HttpUri.newBuilder().setUri("http://z/spans"))
                        .build());
        assertThat(printed(zipkin))
                .contains(
                        "\"traceContextOption\":\"USE_B3_WITH_W3C_PROPAGATION\"",
                        "\"collectorService\":{\"httpUri\":{\"uri\":\"http://z/spans\"}}");

        HttpProtocolOptions.Builder options = HttpProtocolOptions.newBuilder();
        NewerFields.errors(
                options, MatchPredicate.newBuilder().setAnyMatch(true).build());
        assertThat(printed(options)).contains("\"outlierDetection\":{\"errorMatcher\":{\"anyMatch\":true}}");

        OpenTelemetryAccessLogConfig.Builder log = OpenTelemetryAccessLogConfig.newBuilder();
        NewerFields.logName(log, "mine");
        NewerFields.collector(
                log,
                GrpcService.newBuilder()
                        .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder().setClusterName("logs"))
                        .build());
        assertThat(printed(log))
                .contains("\"logName\":\"mine\"", "\"grpcService\":{\"envoyGrpc\":{\"clusterName\":\"logs\"}}");
    }
}
