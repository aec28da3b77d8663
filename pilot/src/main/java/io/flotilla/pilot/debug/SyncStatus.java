package io.flotilla.pilot.debug;

import io.envoyproxy.envoy.config.core.v3.BuildVersion;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.type.v3.SemanticVersion;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.server.StreamStatus;
import io.flotilla.discovery.server.TypeStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each proxy was sent, and what it said to it: /debug/syncz. */
final class SyncStatus {
    private SyncStatus() {}

    /** An element per stream; Istio's field names, and a "types" object with more. */
    static JsonArray of(List<StreamStatus> streams) {
        JsonArray all = new JsonArray();
        streams.forEach(stream -> all.add(stream(stream)));
        return all;
    }

    private static JsonObject stream(StreamStatus stream) {
        Node node = stream.info().node();
        JsonObject types = new JsonObject();
        JsonObject json = new JsonObject()
                .put("proxy", proxy(node.getId()))
                .put("proxy_id", node.getId())
                .put("proxy_version", version(node))
                .put(
                        "revision",
                        node.getMetadata().getFieldsMap().containsKey("REVISION")
                                ? node.getMetadata()
                                        .getFieldsOrThrow("REVISION")
                                        .getStringValue()
                                : "")
                .put("peer", String.join(",", stream.info().peerUris()))
                .put("delta", stream.info().delta())
                .put("connected", stream.opened().toString());
        boolean synced = true;
        for (TypeStatus type : stream.types()) {
            String name = longName(type.typeUrl());
            put(json, name + "_sent", type.sent());
            put(json, name + "_acked", type.accepted());
            types.put(name, type(type));
            synced &= type.synced();
        }
        return json.put("synced", synced && !stream.types().isEmpty()).put("types", types);
    }

    private static JsonObject type(TypeStatus type) {
        JsonObject json = new JsonObject();
        put(json, "sent", type.sent());
        put(json, "acked", type.accepted());
        put(json, "nacked", type.rejected());
        if (!type.message().isEmpty()) {
            json.put("message", type.message());
        }
        return json.put("generation", type.generation().toString()).put("synced", type.synced());
    }

    private static void put(JsonObject json, String key, TypeStatus.@Nullable Event event) {
        if (event != null) {
            json.put(key, event.version());
        }
    }

    /** "POD.NAMESPACE" of a node's id, or the id where it has another form. */
    static String proxy(String id) {
        String[] parts = id.split("~", -1);
        return parts.length == 4 ? parts[2] : id;
    }

    private static String version(Node node) {
        BuildVersion build = node.getUserAgentBuildVersion();
        SemanticVersion version = build.getVersion();
        return version.getMajorNumber() + "." + version.getMinorNumber() + "." + version.getPatch();
    }

    private static String longName(String typeUrl) {
        return switch (typeUrl) {
            case TypeUrls.CLUSTER -> "cluster";
            case TypeUrls.ENDPOINT -> "endpoint";
            case TypeUrls.LISTENER -> "listener";
            case TypeUrls.ROUTE -> "route";
            default -> typeUrl.substring(typeUrl.lastIndexOf('.') + 1);
        };
    }
}
