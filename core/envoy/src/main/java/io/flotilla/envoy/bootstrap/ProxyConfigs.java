package io.flotilla.envoy.bootstrap;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.config.model.Config;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** ProxyConfigs over each other. */
public final class ProxyConfigs {
    private static final String WELL_KNOWN = "google.protobuf.";

    private ProxyConfigs() {}

    /**
     * What holds where {@code base} held before: what {@code over} says takes its place, also where it says 0 or false;
     * maps are joined, lists replaced.
     */
    public static ProxyConfig over(ProxyConfig base, ProxyConfig over) {
        ProxyConfig.Builder merged = base.toBuilder();
        // A list of what is counted is said as a whole.
        if (over.hasProxyStatsMatcher()) {
            merged.clearProxyStatsMatcher();
        }
        merge(merged, over);
        return merged.build();
    }

    /** The part of ProxyConfig that the kind of that name has. */
    static ProxyConfig of(Config<io.flotilla.api.networking.v1beta1.ProxyConfig> object) {
        ProxyConfig.Builder said =
                ProxyConfig.newBuilder().putAllProxyMetadata(object.spec().getEnvironmentVariablesMap());
        if (object.spec().hasConcurrency()) {
            said.setConcurrency(object.spec().getConcurrency());
        }
        if (object.spec().hasImage()) {
            said.setImage(object.spec().getImage());
        }
        return said.build();
    }

    private static void merge(Message.Builder into, Message from) {
        from.getAllFields().forEach((field, value) -> {
            if (field.isMapField()) {
                into.setField(field, joined(into.getField(field), value, field));
            } else if (inside(field) && into.hasField(field)) {
                Message.Builder inner = ((Message) into.getField(field)).toBuilder();
                merge(inner, (Message) value);
                into.setField(field, inner.build());
            } else {
                into.setField(field, value);
            }
        });
    }

    private static boolean inside(FieldDescriptor field) {
        return !field.isRepeated()
                && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && !field.getMessageType().getFullName().startsWith(WELL_KNOWN);
    }

    private static List<Message> joined(Object base, Object over, FieldDescriptor field) {
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        Map<Object, Message> entries = new LinkedHashMap<>();
        for (Object part : List.of(base, over)) {
            for (Object entry : (List<?>) part) {
                entries.put(((Message) entry).getField(key), (Message) entry);
            }
        }
        return new ArrayList<>(entries.values());
    }
}
