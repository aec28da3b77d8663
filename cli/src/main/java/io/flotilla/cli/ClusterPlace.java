package io.flotilla.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Kubernetes cluster. */
record ClusterPlace(Kubectl kubectl) implements ObjectPlace {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

    @Override
    public Optional<Map<String, Object>> get(ObjectType type, String namespace, String name) throws IOException {
        String json =
                kubectl.orFail("", "get", type.plural(), name, "-n", namespace, "-o", "json", "--ignore-not-found");
        return json.isBlank() ? Optional.empty() : Optional.of(JSON.readValue(json, TREE));
    }

    @Override
    @SuppressWarnings("unchecked") // kubectl prints a list of objects
    public List<Map<String, Object>> labelled(ObjectType type, String namespace, String label, String value)
            throws IOException {
        String json =
                kubectl.orFail("", "get", type.plural(), "-n", namespace, "-l", label + "=" + value, "-o", "json");
        return (List<Map<String, Object>>) JSON.readValue(json, TREE).getOrDefault("items", List.of());
    }

    @Override
    public String put(ObjectType type, Map<String, Object> object) throws IOException {
        String said = kubectl.orFail(JSON.writeValueAsString(object), "apply", "-f", "-")
                .strip();
        return said.substring(said.lastIndexOf(' ') + 1);
    }

    @Override
    public boolean remove(ObjectType type, String namespace, String name) throws IOException {
        return !kubectl.orFail("", "delete", type.plural(), name, "-n", namespace, "--ignore-not-found", "-o", "name")
                .isBlank();
    }

    @Override
    public void annotate(ObjectType type, String namespace, String name, String key, String value) throws IOException {
        kubectl.orFail("", "annotate", type.plural(), name, "-n", namespace, "--overwrite", key + "=" + value);
    }
}
