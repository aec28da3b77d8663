package io.flotilla.config.object;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.KindInfo.Shape;
import io.flotilla.config.schema.MessageWriter;
import io.flotilla.config.schema.Structs;
import io.flotilla.config.yaml.YamlNode;
import io.flotilla.config.yaml.YamlWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Objects as text, in the hub version of their kind (the newest): reading it gives the same object, with the same
 * version, and nothing that was read is lost. Only the content of a Secret cannot be written: it is not kept.
 */
public final class ObjectWriter {
    private static final int LINE = 1;

    private ObjectWriter() {}

    public static String yaml(Config<?> config, Rest rest) {
        return YamlWriter.yaml(tree(config, rest));
    }

    public static String json(Config<?> config, Rest rest) {
        return YamlWriter.json(tree(config, rest));
    }

    /** The whole document. */
    static YamlNode tree(Config<?> config, Rest rest) {
        KindInfo info = KindCatalog.find(config.key().kind())
                .orElseThrow(() ->
                        new IllegalArgumentException("no kind " + config.key().kind()));
        if (info.shape() instanceof Shape.Manifest && config.spec() instanceof Struct manifest) {
            return Structs.node(manifest);
        }
        Map<String, YamlNode.Entry> document = new LinkedHashMap<>();
        put(document, "apiVersion", text(KindCatalog.hubVersion(info.kind())));
        put(document, "kind", text(info.kind().name()));
        put(document, "metadata", metadata(config, rest.metadata()));
        put(document, "spec", MessageWriter.write(config.spec()));
        if (rest.status().getFieldsCount() > 0) {
            put(document, "status", Structs.node(rest.status()));
        }
        return new YamlNode.Mapping(document, LINE);
    }

    private static YamlNode metadata(Config<?> config, Struct rest) {
        Map<String, YamlNode.Entry> metadata = new LinkedHashMap<>();
        ObjectKey key = config.key();
        put(metadata, "name", text(key.name()));
        if (!key.namespace().isEmpty()) {
            put(metadata, "namespace", text(key.namespace()));
        }
        if (!config.labels().isEmpty()) {
            put(metadata, "labels", texts(config.labels()));
        }
        if (!config.annotations().isEmpty()) {
            put(metadata, "annotations", texts(config.annotations()));
        }
        if (!config.created().equals(Instant.EPOCH)) {
            put(metadata, "creationTimestamp", text(config.created().toString()));
        }
        metadata.putAll(Structs.node(rest).entries());
        return new YamlNode.Mapping(metadata, LINE);
    }

    private static YamlNode texts(Map<String, String> texts) {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        texts.forEach((key, value) -> put(entries, key, text(value)));
        return new YamlNode.Mapping(entries, LINE);
    }

    private static YamlNode text(String text) {
        return new YamlNode.Text(text, false, LINE);
    }

    private static void put(Map<String, YamlNode.Entry> entries, String key, YamlNode value) {
        entries.put(key, new YamlNode.Entry(LINE, value));
    }
}
