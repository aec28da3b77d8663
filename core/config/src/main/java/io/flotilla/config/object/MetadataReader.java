package io.flotilla.config.object;

import com.google.protobuf.Struct;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.Problems;
import io.flotilla.config.schema.Structs;
import io.flotilla.config.validate.Names;
import io.flotilla.config.yaml.YamlNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads and checks "metadata" of an object, by the rules of Kubernetes. */
final class MetadataReader {
    private static final FieldPath METADATA = FieldPath.ROOT.field("metadata");
    private static final Set<String> READ = Set.of("name", "namespace", "labels", "annotations", "creationTimestamp");
    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;
    private static final int MAX_ANNOTATIONS = 256 << 10;

    private final YamlNode.Mapping metadata;
    private final Problems problems;

    MetadataReader(YamlNode.Mapping metadata, Problems problems) {
        this.metadata = metadata;
        this.problems = problems;
    }

    void checkNames(KindInfo info, String name, String namespace) {
        if (!Names.isSubdomain(name)) {
            problems.error(
                    "FL0005",
                    METADATA.field("name"),
                    "\"" + name + "\" is no name: lower case letters, digits, \"-\" and \".\", at most " + MAX_NAME);
        }
        if (info.namespaced() && !Names.isLabel(namespace)) {
            problems.error(
                    "FL0005",
                    METADATA.field("namespace"),
                    "\"" + namespace + "\" is no namespace: lower case letters, digits and \"-\", at most "
                            + MAX_LABEL);
        }
        if (!info.namespaced() && metadata.get("namespace") != null) {
            problems.warning(
                    "FL0005", METADATA.field("namespace"), "a " + info.kind().name() + " has no namespace");
        }
    }

    SortedMap<String, String> labels() {
        SortedMap<String, String> labels = strings("labels");
        labels.forEach((key, value) -> {
            FieldPath at = METADATA.field("labels").field(key);
            if (!Names.isQualifiedName(key)) {
                problems.error("FL0005", at, "\"" + key + "\" is no label name");
            }
            if (!Names.isLabelValue(value)) {
                problems.error(
                        "FL0005",
                        at,
                        "\"" + value + "\" is no label value: at most " + MAX_LABEL
                                + " letters, digits, \"-\", \"_\" and \".\", the first and last a letter or digit");
            }
        });
        return labels;
    }

    SortedMap<String, String> annotations() {
        SortedMap<String, String> annotations = strings("annotations");
        long size = annotations.entrySet().stream()
                .mapToLong(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
        if (size > MAX_ANNOTATIONS) {
            problems.error("FL0005", METADATA.field("annotations"), "more than " + MAX_ANNOTATIONS + " characters");
        }
        return annotations;
    }

    Instant created() {
        if (metadata.get("creationTimestamp") instanceof YamlNode.Text text) {
            try {
                return OffsetDateTime.parse(text.value()).toInstant();
            } catch (DateTimeParseException e) {
                problems.warning("FL0005", METADATA.field("creationTimestamp"), "\"" + text.value() + "\" is no time");
            }
        }
        return Instant.EPOCH;
    }

    /** What is not read elsewhere: finalizers, owners, generation, ... */
    Struct rest() {
        Struct.Builder rest = Struct.newBuilder();
        metadata.entries().forEach((name, entry) -> {
            if (!READ.contains(name)) {
                rest.putFields(name, Structs.value(entry.value()));
            }
        });
        return rest.build();
    }

    private SortedMap<String, String> strings(String field) {
        SortedMap<String, String> strings = new TreeMap<>();
        YamlNode node = metadata.get(field);
        if (node instanceof YamlNode.Mapping mapping) {
            mapping.entries().forEach((key, entry) -> put(strings, field, key, entry.value()));
        } else if (node != null && !(node instanceof YamlNode.Null)) {
            problems.error("FL0011", METADATA.field(field), "needs a mapping, not a " + node.typeName());
        }
        return Collections.unmodifiableSortedMap(strings);
    }

    private void put(Map<String, String> strings, String field, String key, YamlNode value) {
        switch (value) {
            case YamlNode.Text text -> strings.put(key, text.value());
            case YamlNode.Null none -> strings.put(key, "");
            default ->
                problems.error(
                        "FL0011",
                        METADATA.field(field).field(key),
                        "needs a string, not a " + value.typeName() + "; put it in quotes");
        }
    }

    /** Text of a metadata field, or null where it is absent or no text. */
    static @Nullable String text(YamlNode.@Nullable Mapping metadata, String field) {
        return metadata != null && metadata.get(field) instanceof YamlNode.Text text ? text.value() : null;
    }
}
