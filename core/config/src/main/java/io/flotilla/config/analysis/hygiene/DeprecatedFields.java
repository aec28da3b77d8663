package io.flotilla.config.analysis.hygiene;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.List;

/** Fields that were replaced by others. */
final class DeprecatedFields implements Check {
    private static final Entry FIELD =
            Entry.warning("FA0801", "a deprecated field is used", """
                    The field still works here, but it was replaced, and other control planes or later versions may pass
                    it over. The message names what to write instead.""").istio("IST0002");
    private static final Entry VALUE =
            Entry.warning("FA0802", "a deprecated value is used", """
                    The value still works here, but another has taken its place. LEAST_CONN of a load balancer is
                    LEAST_REQUEST today, which does the same. The message names what to write instead.""").istio("IST0002");

    @Override
    public List<Entry> entries() {
        return List.of(FIELD, VALUE);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<?> config : mesh.objects()) {
            if (config.key().kind().group().endsWith("istio.io") && !(config.spec() instanceof Struct)) {
                message(config, config.spec(), Paths.SPEC, findings);
            }
        }
    }

    private static void message(Config<?> config, Message message, FieldPath at, Findings findings) {
        if (!DeprecatedParts.in(message.getDescriptorForType())) {
            return;
        }
        message.getAllFields().forEach((field, value) -> {
            FieldPath place = at.field(field.getJsonName());
            if (field.getOptions().getDeprecated()) {
                String instead =
                        Replacements.of(field).map(each -> "; write " + each).orElse("; remove it");
                findings.report(FIELD, config, place, "\"" + field.getJsonName() + "\" is deprecated" + instead);
            }
            value(config, field, value, place, findings);
        });
    }

    private static void value(Config<?> config, FieldDescriptor field, Object value, FieldPath at, Findings findings) {
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size() && !field.isMapField(); i++) {
                value(config, field, list.get(i), at.item(i), findings);
            }
        } else if (value instanceof Message inner) {
            message(config, inner, at, findings);
        } else if (value instanceof EnumValueDescriptor each
                && each.getOptions().getDeprecated()) {
            String instead = each.getName().equals("LEAST_CONN") ? "; write LEAST_REQUEST" : "";
            findings.report(VALUE, config, at, each.getName() + " is deprecated" + instead);
        }
    }
}
