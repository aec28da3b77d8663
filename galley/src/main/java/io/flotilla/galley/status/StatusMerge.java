package io.flotilla.galley.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What is to be written into the status of an object, given what is there. Pure. */
final class StatusMerge {
    private static final Set<String> SHARED = Set.of("parents", "ancestors");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final long generation;
    private final String now;

    private StatusMerge(long generation, Instant now) {
        this.generation = generation;
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * The patch (a merge patch of the object) that makes the status say what it should; empty where it does.
     *
     * @param object as it is, with its status and resourceVersion
     */
    static Optional<ObjectNode> patch(JsonNode object, Struct wanted, Instant now) {
        JsonNode metadata = object.path("metadata");
        StatusMerge merge = new StatusMerge(metadata.path("generation").asLong(0), now);
        ObjectNode status = JSON.objectNode();
        JsonNode before = object.path("status");
        wanted.getFieldsMap().forEach((field, value) -> {
            JsonNode merged = merge.field(field, json(value), before.path(field));
            if (!merged.equals(before.path(field))) {
                status.set(field, merged);
            }
        });
        if (status.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode patch = JSON.objectNode();
        // Whoever led before and is slow must not overwrite what a later leader wrote.
        patch.putObject("metadata")
                .put("resourceVersion", metadata.path("resourceVersion").asText());
        patch.set("status", status);
        return Optional.of(patch);
    }

    private JsonNode field(String name, JsonNode wanted, JsonNode before) {
        if (name.equals("conditions")) {
            return conditions(wanted, before);
        }
        if (wanted instanceof ArrayNode list) {
            ArrayNode merged = JSON.arrayNode();
            Set<String> ours = new HashSet<>();
            list.forEach(item -> ours.add(item.path("controllerName").asText()));
            if (SHARED.contains(name)) {
                before.forEach(item -> {
                    if (!ours.contains(item.path("controllerName").asText())) {
                        merged.add(item);
                    }
                });
            }
            list.forEach(item ->
                    merged.add(item instanceof ObjectNode object ? object(object, same(object, before)) : item));
            return merged;
        }
        return wanted instanceof ObjectNode object ? object(object, before) : wanted;
    }

    private ObjectNode object(ObjectNode wanted, JsonNode before) {
        ObjectNode merged = JSON.objectNode();
        wanted.properties()
                .forEach(field -> merged.set(
                        field.getKey(), field(field.getKey(), field.getValue(), before.path(field.getKey()))));
        return merged;
    }

    /** The entry of a list that was the same one before: by name, or by whom it is attached to. */
    private static JsonNode same(ObjectNode item, JsonNode before) {
        for (JsonNode candidate : before) {
            boolean same = true;
            for (String id : new String[] {"name", "parentRef", "ancestorRef", "controllerName"}) {
                same &= item.path(id).equals(candidate.path(id));
            }
            if (same) {
                return candidate;
            }
        }
        return JSON.missingNode();
    }

    private ArrayNode conditions(JsonNode wanted, JsonNode before) {
        ArrayNode merged = JSON.arrayNode();
        Set<String> ours = new HashSet<>();
        wanted.forEach(condition -> ours.add(condition.path("type").asText()));
        before.forEach(condition -> {
            if (!ours.contains(condition.path("type").asText())) {
                merged.add(condition);
            }
        });
        wanted.forEach(condition -> {
            String since = now;
            for (JsonNode old : before) {
                if (old.path("type").equals(condition.path("type"))
                        && old.path("status").equals(condition.path("status"))) {
                    since = old.path("lastTransitionTime").asText(now);
                }
            }
            ObjectNode one = condition.deepCopy();
            one.set("observedGeneration", integer(generation));
            one.put("lastTransitionTime", since);
            merged.add(one);
        });
        return merged;
    }

    /** As a reader of JSON makes it, so that equal numbers are equal. */
    private static JsonNode integer(long number) {
        return number == (int) number ? JSON.numberNode((int) number) : JSON.numberNode(number);
    }

    /** Numbers without a fraction as integers, which schemas ask for. */
    static JsonNode json(Value value) {
        return switch (value.getKindCase()) {
            case STRUCT_VALUE -> {
                ObjectNode object = JSON.objectNode();
                value.getStructValue().getFieldsMap().forEach((field, each) -> object.set(field, json(each)));
                yield object;
            }
            case LIST_VALUE -> {
                ArrayNode list = JSON.arrayNode();
                value.getListValue().getValuesList().forEach(each -> list.add(json(each)));
                yield list;
            }
            case NUMBER_VALUE -> {
                double number = value.getNumberValue();
                yield number == Math.rint(number) ? integer((long) number) : JSON.numberNode(number);
            }
            case BOOL_VALUE -> JSON.booleanNode(value.getBoolValue());
            case STRING_VALUE -> JSON.textNode(value.getStringValue());
            case NULL_VALUE, KIND_NOT_SET -> JSON.nullNode();
        };
    }
}
