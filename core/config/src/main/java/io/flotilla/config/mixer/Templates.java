package io.flotilla.config.mixer;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import io.flotilla.api.template.kubernetes.OutputTemplate;
import io.flotilla.config.mixer.Template.Variety;
import java.util.List;
import java.util.Optional;

/** All templates that are built in. */
public final class Templates {
    private static final List<Template> ALL = List.of(
            template(
                    "apikey",
                    Variety.CHECK,
                    io.flotilla.api.template.apikey.Template.getDescriptor(),
                    io.flotilla.api.template.apikey.InstanceParam.getDefaultInstance()),
            template(
                    "authorization",
                    Variety.CHECK,
                    io.flotilla.api.template.authorization.Template.getDescriptor(),
                    io.flotilla.api.template.authorization.InstanceParam.getDefaultInstance()),
            template(
                    "checknothing",
                    Variety.CHECK,
                    io.flotilla.api.template.checknothing.Template.getDescriptor(),
                    io.flotilla.api.template.checknothing.InstanceParam.getDefaultInstance()),
            template(
                    "edge",
                    Variety.REPORT,
                    io.flotilla.api.template.edge.Template.getDescriptor(),
                    io.flotilla.api.template.edge.InstanceParam.getDefaultInstance()),
            new Template(
                    "kubernetes",
                    Variety.ATTRIBUTE_GENERATOR,
                    io.flotilla.api.template.kubernetes.Template.getDescriptor(),
                    io.flotilla.api.template.kubernetes.InstanceParam.getDefaultInstance(),
                    Optional.of(OutputTemplate.getDescriptor())),
            template(
                    "listentry",
                    Variety.CHECK,
                    io.flotilla.api.template.listentry.Template.getDescriptor(),
                    io.flotilla.api.template.listentry.InstanceParam.getDefaultInstance()),
            template(
                    "logentry",
                    Variety.REPORT,
                    io.flotilla.api.template.logentry.Template.getDescriptor(),
                    io.flotilla.api.template.logentry.InstanceParam.getDefaultInstance()),
            template(
                    "metric",
                    Variety.REPORT,
                    io.flotilla.api.template.metric.Template.getDescriptor(),
                    io.flotilla.api.template.metric.InstanceParam.getDefaultInstance()),
            template(
                    "quota",
                    Variety.QUOTA,
                    io.flotilla.api.template.quota.Template.getDescriptor(),
                    io.flotilla.api.template.quota.InstanceParam.getDefaultInstance()),
            template(
                    "reportnothing",
                    Variety.REPORT,
                    io.flotilla.api.template.reportnothing.Template.getDescriptor(),
                    io.flotilla.api.template.reportnothing.InstanceParam.getDefaultInstance()),
            template(
                    "tracespan",
                    Variety.REPORT,
                    io.flotilla.api.template.tracespan.Template.getDescriptor(),
                    io.flotilla.api.template.tracespan.InstanceParam.getDefaultInstance()));

    private Templates() {}

    /** Sorted by name. */
    public static List<Template> all() {
        return ALL;
    }

    public static Optional<Template> find(String name) {
        return ALL.stream().filter(template -> template.name().equals(name)).findFirst();
    }

    public static List<String> names() {
        return ALL.stream().map(Template::name).toList();
    }

    private static Template template(String name, Variety variety, Descriptor fields, Message instance) {
        return new Template(name, variety, fields, instance, Optional.empty());
    }
}
