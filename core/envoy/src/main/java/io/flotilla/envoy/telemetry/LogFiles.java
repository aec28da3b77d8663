package io.flotilla.envoy.telemetry;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider.EnvoyFileAccessLogProvider;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import java.util.List;

/** Access logs in files. */
final class LogFiles {
    /** The provider that every mesh has. */
    static final String NAME = "envoy";

    private static final String STDOUT = "/dev/stdout";
    private static final List<String> FIELDS = List.of(
            "start_time=%START_TIME%",
            "method=%REQ(:METHOD)%",
            "path=%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%",
            "protocol=%PROTOCOL%",
            "response_code=%RESPONSE_CODE%",
            "response_flags=%RESPONSE_FLAGS%",
            "bytes_received=%BYTES_RECEIVED%",
            "bytes_sent=%BYTES_SENT%",
            "duration=%DURATION%",
            "authority=%REQ(:AUTHORITY)%",
            "request_id=%REQ(X-REQUEST-ID)%",
            "upstream_host=%UPSTREAM_HOST%",
            "upstream_cluster=%UPSTREAM_CLUSTER%",
            "route_name=%ROUTE_NAME%");

    private LogFiles() {}

    /** What MeshConfig says of files. */
    static ExtensionProvider provider(MeshConfig mesh) {
        EnvoyFileAccessLogProvider.Builder file =
                EnvoyFileAccessLogProvider.newBuilder().setPath(mesh.getAccessLogFile());
        if (mesh.getAccessLogEncoding() == MeshConfig.AccessLogEncoding.JSON) {
            file.getLogFormatBuilder().setLabels(labels());
        } else if (!mesh.getAccessLogFormat().isEmpty()) {
            file.getLogFormatBuilder().setText(mesh.getAccessLogFormat());
        }
        return ExtensionProvider.newBuilder()
                .setName(NAME)
                .setEnvoyFileAccessLog(file)
                .build();
    }

    private static Struct labels() {
        Struct.Builder labels = Struct.newBuilder();
        for (String field : FIELDS) {
            int equals = field.indexOf('=');
            labels.putFields(
                    field.substring(0, equals),
                    Value.newBuilder()
                            .setStringValue(field.substring(equals + 1))
                            .build());
        }
        return labels.build();
    }

    /** The log of a provider; without a format of its own, Envoy's. */
    static FileAccessLog log(EnvoyFileAccessLogProvider provider) {
        FileAccessLog.Builder log =
                FileAccessLog.newBuilder().setPath(provider.getPath().isEmpty() ? STDOUT : provider.getPath());
        SubstitutionFormatString.Builder format =
                SubstitutionFormatString.newBuilder().setOmitEmptyValues(provider.getOmitEmptyValues());
        switch (provider.getLogFormat().getLogFormatCase()) {
            case TEXT ->
                log.setLogFormat(format.setTextFormatSource(DataSource.newBuilder()
                        .setInlineString(line(provider.getLogFormat().getText()))));
            case LABELS ->
                log.setLogFormat(format.setJsonFormat(
                        provider.getLogFormat().getLabels().getFieldsCount() == 0
                                ? labels()
                                : provider.getLogFormat().getLabels()));
            case LOGFORMAT_NOT_SET -> {}
        }
        return log.build();
    }

    private static String line(String text) {
        return text.endsWith("\n") ? text : text + "\n";
    }
}
