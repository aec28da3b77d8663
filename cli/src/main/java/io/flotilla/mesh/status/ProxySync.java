package io.flotilla.mesh.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;

/**
 * Which proxies have what Pilot computes for them, from its /debug/syncz.
 *
 * @param synced   by "POD.NAMESPACE"
 * @param messages why Envoy refused something, by "POD.NAMESPACE"
 */
public record ProxySync(Map<String, Boolean> synced, Map<String, String> messages) {
    public static final ProxySync NONE = new ProxySync(Map.of(), Map.of());
    private static final ObjectMapper JSON = new ObjectMapper();

    public ProxySync {
        synced = Map.copyOf(synced);
        messages = Map.copyOf(messages);
    }

    public static ProxySync parse(String json) {
        Map<String, Boolean> synced = new HashMap<>();
        Map<String, String> messages = new HashMap<>();
        try {
            for (JsonNode proxy : JSON.readTree(json)) {
                String[] node = proxy.path("node").asText().split("~", -1);
                if (node.length > 2) {
                    synced.put(node[2], isSynced(proxy.path("types")));
                    proxy.path("types").forEach(type -> {
                        if (!type.path("message").asText().isEmpty()) {
                            messages.put(node[2], type.path("message").asText());
                        }
                    });
                }
            }
        } catch (JsonProcessingException e) {
            return NONE;
        }
        return new ProxySync(synced, messages);
    }

    /** Clusters and listeners have been sent, and all that was sent has been accepted. */
    private static boolean isSynced(JsonNode types) {
        boolean begun = !types.path("CDS").path("sent").asText().isEmpty()
                && !types.path("LDS").path("sent").asText().isEmpty();
        for (JsonNode type : types) {
            String sent = type.path("sent").asText();
            if (!sent.equals(type.path("acked").asText())
                    || !type.path("rejected").asText().isEmpty()) {
                return false;
            }
        }
        return begun;
    }

    public boolean isSynced(String pod, String namespace) {
        return synced.getOrDefault(pod + "." + namespace, false);
    }

    public String message(String pod, String namespace) {
        return messages.getOrDefault(pod + "." + namespace, "");
    }
}
