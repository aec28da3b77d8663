package io.flotilla.pilot.debug;

import com.google.protobuf.Struct;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.server.StreamStatus;
import io.flotilla.discovery.server.TypeStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The streams of proxies, in the words of classic tools: /debug/adsz, and the flat keys of /debug/syncz. */
final class Connections {
    private static final Map<String, String> CLASSIC = new TreeMap<>(Map.of(
            TypeUrls.CLUSTER, "cluster",
            TypeUrls.LISTENER, "listener",
            TypeUrls.ROUTE, "route",
            TypeUrls.ENDPOINT, "endpoint"));

    private static final int ALL = 100;
    // No response has it. An istioctl of that time reads two equal ones as in sync, and two empty ones as not sent.
    private static final String KEPT = "0";

    private Connections() {}

    /** Proxies with what they watch and the nonces of both directions. */
    static JsonObject of(List<StreamStatus> streams) {
        JsonArray clients = new JsonArray();
        for (StreamStatus stream : streams) {
            JsonObject watches = new JsonObject();
            stream.types()
                    .forEach(type -> watches.put(
                            type.typeUrl(),
                            new JsonObject()
                                    .put("wildcard", type.wildcard())
                                    .put("names", type.names())
                                    .put("nonceSent", nonce(type.sent()))
                                    .put("nonceAcked", nonce(type.accepted()))
                                    .put("nonceNacked", nonce(type.rejected()))));
            clients.add(new JsonObject()
                    .put("connectionId", stream.info().id())
                    .put("node", stream.info().node().getId())
                    .put("address", stream.info().remote())
                    .put("connectedAt", stream.opened().toString())
                    .put("delta", stream.info().delta())
                    .put("watches", watches));
        }
        return new JsonObject().put("totalClients", clients.size()).put("clients", clients);
    }

    /** proxy_version, cluster_sent, cluster_acked, ..., endpoint_percent: empty ones and a percentage of 0 are left out. */
    static void classic(StreamStatus stream, JsonObject into) {
        put(into, "proxy_version", version(stream));
        for (TypeStatus type : stream.types()) {
            String word = CLASSIC.get(type.typeUrl());
            if (word != null) {
                put(into, word + "_sent", type.kept() ? KEPT : nonce(type.sent()));
                put(into, word + "_acked", type.kept() ? KEPT : nonce(type.accepted()));
            }
            // Of the clusters, that is: one response has the endpoints of all that were asked for.
            if (type.typeUrl().equals(TypeUrls.ENDPOINT) && type.synced()) {
                into.put("endpoint_percent", ALL);
            }
        }
    }

    /** As the node says it: of Istio where it says that, else of Envoy. */
    static String version(StreamStatus stream) {
        Struct metadata = stream.info().node().getMetadata();
        String istio = metadata.containsFields("ISTIO_VERSION")
                ? metadata.getFieldsOrThrow("ISTIO_VERSION").getStringValue()
                : "";
        var envoy = stream.info().node().getUserAgentBuildVersion();
        return !istio.isEmpty() || !envoy.hasVersion()
                ? istio
                : "envoy " + envoy.getVersion().getMajorNumber() + "."
                        + envoy.getVersion().getMinorNumber() + "."
                        + envoy.getVersion().getPatch();
    }

    private static void put(JsonObject into, String key, String text) {
        if (!text.isEmpty()) {
            into.put(key, text);
        }
    }

    private static String nonce(TypeStatus.@Nullable Event event) {
        return event == null ? "" : Long.toString(event.nonce());
    }
}
