package io.flotilla.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Kubernetes cluster by kubectl, which knows every way in which users log in to theirs.
 *
 * @param options --kubeconfig and --context, where they were given
 */
record ClusterPlace(List<String> options) implements ObjectPlace {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

    @Override
    public Optional<Map<String, Object>> get(ObjectType type, String namespace, String name) throws IOException {
        String json = kubectl("", "get", type.plural(), name, "-n", namespace, "-o", "json", "--ignore-not-found");
        return json.isBlank() ? Optional.empty() : Optional.of(JSON.readValue(json, TREE));
    }

    @Override
    @SuppressWarnings("unchecked") // kubectl prints a list of objects
    public List<Map<String, Object>> labelled(ObjectType type, String namespace, String label, String value)
            throws IOException {
        String json = kubectl("", "get", type.plural(), "-n", namespace, "-l", label + "=" + value, "-o", "json");
        return (List<Map<String, Object>>) JSON.readValue(json, TREE).getOrDefault("items", List.of());
    }

    @Override
    public String put(ObjectType type, Map<String, Object> object) throws IOException {
        String said =
                kubectl(JSON.writeValueAsString(object), "apply", "-f", "-").strip();
        return said.substring(said.lastIndexOf(' ') + 1);
    }

    @Override
    public boolean remove(ObjectType type, String namespace, String name) throws IOException {
        return !kubectl("", "delete", type.plural(), name, "-n", namespace, "--ignore-not-found", "-o", "name")
                .isBlank();
    }

    @Override
    public void annotate(ObjectType type, String namespace, String name, String key, String value) throws IOException {
        kubectl("", "annotate", type.plural(), name, "-n", namespace, "--overwrite", key + "=" + value);
    }

    private String kubectl(String input, String... words) throws IOException {
        List<String> line = new ArrayList<>(List.of("kubectl"));
        line.addAll(options);
        line.addAll(List.of(words));
        Path said = Files.createTempFile("flotilla", ".out");
        Path failed = Files.createTempFile("flotilla", ".err");
        try {
            Process process = new ProcessBuilder(line)
                    .redirectOutput(said.toFile())
                    .redirectError(failed.toFile())
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (process.waitFor() != 0) {
                throw CommandFailure.no(Files.readString(failed).strip());
            }
            return Files.readString(said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.couldNotRun("interrupted");
        } finally {
            Files.deleteIfExists(said);
            Files.deleteIfExists(failed);
        }
    }
}
