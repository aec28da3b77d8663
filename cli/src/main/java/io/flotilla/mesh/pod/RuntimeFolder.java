package io.flotilla.mesh.pod;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Galley's view of the pods that run: one file for each, written when it changes. JSON is YAML too. */
final class RuntimeFolder {
    private static final JsonFormat.Printer JSON = JsonFormat.printer();

    private final Path folder;
    private final Map<String, Observation> written = new TreeMap<>();

    /** A pod as the kubelet sees it. */
    record Observation(Struct pod, boolean ready, boolean terminating) {}

    RuntimeFolder(Path folder) {
        this.folder = folder.resolve("pods");
    }

    /** A pod's manifest with what the API server and the scheduler add. */
    static Struct placed(Struct pod, UUID uid) {
        Map<String, Object> tree = Trees.toMap(pod);
        child(tree, "metadata").put("uid", uid.toString());
        child(tree, "spec").put("nodeName", "local");
        return Trees.toStruct(tree);
    }

    /** A pod's manifest with what the kubelet sees. */
    static Struct observed(Observation observation) {
        boolean terminating = observation.terminating();
        Map<String, Object> tree = Trees.toMap(observation.pod());
        List<Object> conditions = new ArrayList<>();
        conditions.add(Map.of("type", "Ready", "status", observation.ready() && !terminating ? "True" : "False"));
        child(tree, "status").put("conditions", conditions);
        if (terminating) {
            // When it began is of no use to anybody; that it did, is.
            child(tree, "metadata").put("deletionTimestamp", Instant.EPOCH.toString());
        }
        return Trees.toStruct(tree);
    }

    @SuppressWarnings("unchecked") // Trees makes maps of string keys only
    private static Map<String, Object> child(Map<String, Object> tree, String key) {
        return (Map<String, Object>) tree.computeIfAbsent(key, absent -> new LinkedHashMap<String, Object>());
    }

    /**
     * Writes what is another than before; true if anything is.
     *
     * @param pods all that are there, by "NAMESPACE/NAME"
     */
    boolean write(Map<String, Observation> pods) throws IOException {
        boolean different = false;
        // Who begins to serve is told before who ends, so that at no moment nobody serves.
        List<Map.Entry<String, Observation>> order = new ArrayList<>(pods.entrySet());
        order.sort(Comparator.comparing(pod -> pod.getValue().terminating()));
        for (Map.Entry<String, Observation> pod : order) {
            if (!pod.getValue().equals(written.get(pod.getKey()))) {
                StateFolder.write(file(pod.getKey()), text(observed(pod.getValue())));
                written.put(pod.getKey(), pod.getValue());
                different = true;
            }
        }
        for (String gone : List.copyOf(written.keySet())) {
            if (!pods.containsKey(gone)) {
                Files.deleteIfExists(file(gone));
                written.remove(gone);
                different = true;
            }
        }
        return different;
    }

    private Path file(String key) {
        return folder.resolve(key.replace('/', '.') + ".yaml");
    }

    private static String text(Struct pod) {
        try {
            return JSON.print(pod) + "\n";
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a manifest holds a number that JSON has not", e);
        }
    }
}
