package io.flotilla.envoy;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Duration;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.common.matcher.v3.MatchPredicate;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HttpService;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig;
import io.envoyproxy.envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The descriptors of the API that we build with, and in them {@link NewerFields}. */
final class NewerApi {
    private final Map<String, FileDescriptor> built = new HashMap<>();

    /** The same message, with the fields that it and whatever it consists of have by now. */
    Descriptor of(Descriptor known) {
        return file(known.getFile()).findMessageTypeByName(known.getName());
    }

    @SuppressWarnings("ReferenceEquality") // the same object means: nothing in it is newer
    private FileDescriptor file(FileDescriptor known) {
        FileDescriptor done = built.get(known.getFullName());
        if (done != null) {
            return done;
        }
        FileDescriptorProto.Builder text = known.toProto().toBuilder();
        List<FileDescriptor> needed = new ArrayList<>();
        boolean same = true;
        for (FileDescriptor each : known.getDependencies()) {
            FileDescriptor newer = file(each);
            same &= newer == each;
            needed.add(newer);
        }
        for (FileDescriptor more : add(text)) {
            same = false;
            if (!text.getDependencyList().contains(more.getFullName())) {
                text.addDependency(more.getFullName());
                needed.add(file(more));
            }
        }
        FileDescriptor newer = same ? known : build(text.build(), needed);
        built.put(known.getFullName(), newer);
        return newer;
    }

    private static FileDescriptor build(FileDescriptorProto text, List<FileDescriptor> needed) {
        try {
            return FileDescriptor.buildFrom(text, needed.toArray(FileDescriptor[]::new));
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException("the newer fields of " + text.getName() + " do not fit", e);
        }
    }

    /** Puts in what is newer, and names the files that this needs; none where nothing is. */
    private static List<FileDescriptor> add(FileDescriptorProto.Builder text) {
        String name = text.getName();
        if (name.equals(CustomTag.getDescriptor().getFile().getFullName())) {
            message(text, "CustomTag")
                    .addField(field("value", NewerFields.TAG_VALUE, FieldDescriptorProto.Type.TYPE_STRING, ""));
            return List.of(CustomTag.getDescriptor().getFile().getDependencies().getFirst());
        }
        if (name.equals(HttpConnectionManager.getDescriptor().getFile().getFullName())) {
            nested(message(text, "HttpConnectionManager"), "Tracing")
                    .addField(field(
                            "no_context_propagation",
                            NewerFields.NO_CONTEXT_PROPAGATION,
                            FieldDescriptorProto.Type.TYPE_BOOL,
                            ""));
            return List.of(CustomTag.getDescriptor().getFile());
        }
        if (name.equals(ZipkinConfig.getDescriptor().getFile().getFullName())) {
            return zipkin(message(text, "ZipkinConfig"));
        }
        if (name.equals(HttpProtocolOptions.getDescriptor().getFile().getFullName())) {
            return options(message(text, "HttpProtocolOptions"));
        }
        if (name.equals(OpenTelemetryAccessLogConfig.getDescriptor().getFile().getFullName())) {
            return log(message(text, "OpenTelemetryAccessLogConfig"));
        }
        if (name.equals(CircuitBreakers.getDescriptor().getFile().getFullName())) {
            nested(nested(message(text, "CircuitBreakers"), "Thresholds"), "RetryBudget")
                    .addField(field(
                            "budget_interval",
                            NewerFields.BUDGET_INTERVAL,
                            FieldDescriptorProto.Type.TYPE_MESSAGE,
                            "." + Duration.getDescriptor().getFullName()));
            return List.of(Duration.getDescriptor().getFile());
        }
        return List.of();
    }

    private static List<FileDescriptor> log(DescriptorProto.Builder log) {
        log.addField(field(
                        "grpc_service",
                        NewerFields.LOG_SERVICE,
                        FieldDescriptorProto.Type.TYPE_MESSAGE,
                        "." + GrpcService.getDescriptor().getFullName()))
                .addField(field("log_name", NewerFields.LOG_NAME, FieldDescriptorProto.Type.TYPE_STRING, ""));
        return List.of(GrpcService.getDescriptor().getFile());
    }

    private static List<FileDescriptor> zipkin(DescriptorProto.Builder zipkin) {
        String own = "." + ZipkinConfig.getDescriptor().getFullName();
        zipkin.addEnumType(EnumDescriptorProto.newBuilder()
                        .setName("TraceContextOption")
                        .addValue(choice("USE_B3", 0))
                        .addValue(choice("USE_B3_WITH_W3C_PROPAGATION", 1)))
                .addField(field(
                        "trace_context_option",
                        NewerFields.TRACE_CONTEXT_OPTION,
                        FieldDescriptorProto.Type.TYPE_ENUM,
                        own + ".TraceContextOption"))
                .addField(field(
                        "collector_service",
                        NewerFields.COLLECTOR_SERVICE,
                        FieldDescriptorProto.Type.TYPE_MESSAGE,
                        "." + HttpService.getDescriptor().getFullName()));
        return List.of(HttpService.getDescriptor().getFile());
    }

    private static List<FileDescriptor> options(DescriptorProto.Builder options) {
        String own = "." + HttpProtocolOptions.getDescriptor().getFullName();
        options.addNestedType(DescriptorProto.newBuilder()
                        .setName("OutlierDetection")
                        .addField(field(
                                "error_matcher",
                                NewerFields.ERROR_MATCHER,
                                FieldDescriptorProto.Type.TYPE_MESSAGE,
                                "." + MatchPredicate.getDescriptor().getFullName())))
                .addField(field(
                        "outlier_detection",
                        NewerFields.OUTLIER_DETECTION,
                        FieldDescriptorProto.Type.TYPE_MESSAGE,
                        own + ".OutlierDetection"));
        return List.of(MatchPredicate.getDescriptor().getFile());
    }

    private static DescriptorProto.Builder message(FileDescriptorProto.Builder text, String name) {
        return text.getMessageTypeBuilderList().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static DescriptorProto.Builder nested(DescriptorProto.Builder message, String name) {
        return message.getNestedTypeBuilderList().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static EnumValueDescriptorProto choice(String name, int number) {
        return EnumValueDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .build();
    }

    private static FieldDescriptorProto field(String name, int number, FieldDescriptorProto.Type type, String of) {
        FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                .setType(type);
        return of.isEmpty() ? field.build() : field.setTypeName(of).build();
    }
}
