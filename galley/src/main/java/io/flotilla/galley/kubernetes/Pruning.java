package io.flotilla.galley.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.config.model.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is kept of an object: what the mesh acts on, and not who wrote which field, what controllers report, or the
 * better part of a pod or an endpoint. So an object whose status alone changed reads as before.
 */
public final class Pruning {
    private static final List<String> METADATA = List.of(
            "name",
            "namespace",
            "labels",
            "annotations",
            "creationTimestamp",
            "deletionTimestamp",
            "generation",
            "uid",
            "ownerReferences");
    private static final Set<String> NOISE = Set.of(
            "kubectl.kubernetes.io/last-applied-configuration",
            "deployment.kubernetes.io/revision",
            "endpoints.kubernetes.io/last-change-trigger-time",
            "control-plane.alpha.kubernetes.io/leader");
    private static final List<String> POD_SPEC =
            List.of("nodeName", "serviceAccountName", "hostNetwork", "hostname", "subdomain");
    private static final List<String> CONTAINER = List.of("name", "image", "ports", "restartPolicy");
    private static final List<String> POD_STATUS = List.of("phase", "podIP", "podIPs");
    private static final Map<Kind, List<String>> WITH_STATUS = Map.of(
            Kind.NODE, List.of("addresses"),
            Kind.SERVICE, List.of("loadBalancer"),
            Kind.WORKLOAD_ENTRY, List.of("conditions"));

    private static final List<String> ENDPOINT = List.of("addresses", "hostname", "nodeName");
    private static final List<String> REFERENCE = List.of("kind", "name");

    private Pruning() {}

    /** The text of what is kept of an object that says its apiVersion and kind. */
    public static String kept(JsonNode object) {
        String apiVersion = object.path("apiVersion").asText();
        int slash = apiVersion.indexOf('/');
        Kind kind = new Kind(
                slash < 0 ? "" : apiVersion.substring(0, slash),
                object.path("kind").asText());
        return prune(object, new Target(kind, apiVersion.substring(slash + 1), "", true, Target.Only.ALL))
                .toString();
    }

    /** A copy of what is kept; apiVersion and kind are set, since items of a list may lack them. */
    static ObjectNode prune(JsonNode object, Target target) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        kept.put("apiVersion", target.apiVersion()).put("kind", target.kind().name());
        kept.set("metadata", metadata(object.path("metadata")));
        object.properties().forEach(field -> {
            if (!Set.of("apiVersion", "kind", "metadata", "spec", "status").contains(field.getKey())) {
                kept.set(field.getKey(), field.getValue());
            }
        });
        if (target.kind().equals(Kind.ENDPOINT_SLICE)) {
            kept.set("endpoints", endpoints(object.path("endpoints")));
        } else if (target.kind().equals(Kind.POD)) {
            kept.set("spec", podSpec(object.path("spec")));
            kept.set("status", podStatus(object.path("status")));
        } else {
            if (object.has("spec")) {
                kept.set("spec", object.path("spec"));
            }
            List<String> status = WITH_STATUS.get(target.kind());
            if (status != null) {
                kept.set("status", only(object.path("status"), status));
            }
        }
        return kept;
    }

    private static ObjectNode metadata(JsonNode metadata) {
        ObjectNode kept = only(metadata, METADATA);
        if (kept.get("annotations") instanceof ObjectNode annotations) {
            ObjectNode some = annotations.deepCopy();
            some.remove(NOISE);
            kept.set("annotations", some);
            if (some.isEmpty()) {
                kept.remove("annotations");
            }
        }
        return kept;
    }

    private static ObjectNode podSpec(JsonNode spec) {
        ObjectNode kept = only(spec, POD_SPEC);
        kept.set("containers", each(spec.path("containers"), CONTAINER));
        if (spec.has("initContainers")) {
            kept.set("initContainers", each(spec.path("initContainers"), CONTAINER));
        }
        return kept;
    }

    private static ObjectNode podStatus(JsonNode status) {
        ObjectNode kept = only(status, POD_STATUS);
        kept.set("conditions", each(status.path("conditions"), List.of("type", "status")));
        return kept;
    }

    /** Endpoints are what there is most of: whatever says no more than its absence is left out. */
    private static ArrayNode endpoints(JsonNode list) {
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        list.forEach(endpoint -> {
            ObjectNode one = only(endpoint, ENDPOINT);
            JsonNode conditions = endpoint.path("conditions");
            boolean usual = conditions.path("ready").asBoolean(true)
                    && conditions.path("serving").asBoolean(true)
                    && !conditions.path("terminating").asBoolean(false);
            if (!usual) {
                one.set("conditions", conditions);
            }
            if (endpoint.has("targetRef")) {
                one.set("targetRef", only(endpoint.path("targetRef"), REFERENCE));
            }
            kept.add(one);
        });
        return kept;
    }

    private static ArrayNode each(JsonNode list, List<String> fields) {
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        list.forEach(item -> kept.add(only(item, fields)));
        return kept;
    }

    private static ObjectNode only(JsonNode object, List<String> fields) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        for (String field : fields) {
            JsonNode value = object.get(field);
            if (value != null && !value.isNull()) {
                kept.set(field, value);
            }
        }
        return kept;
    }
}
