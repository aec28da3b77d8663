package io.flotilla.pilot.debug;

import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.server.StreamStatus;
import io.flotilla.discovery.server.TypeStatus;
import io.flotilla.envoy.patch.Untranslated;
import io.flotilla.pilot.report.Progress;
import io.flotilla.pilot.serve.Causes;
import io.flotilla.pilot.serve.NameTables;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** What each proxy was sent, and what it said to it: /debug/syncz. */
final class SyncStatus {
    private static final int ID_PARTS = 4;

    private SyncStatus() {}

    /**
     * An element per stream, sorted by node. A type is in sync where "sent" and "acked" are equal; both are empty where
     * the proxy came back with all that it is to have, which "kept" says.
     *
     * @param leftOut what a stream's proxy is not told, and why
     * @param blame   objects behind what proxies refuse
     */
    static JsonArray of(List<StreamStatus> streams, LongFunction<List<Untranslated>> leftOut, Progress.Blame blame) {
        JsonArray all = new JsonArray();
        streams.stream()
                .sorted(Comparator.comparing(stream -> stream.info().node().getId()))
                .forEach(stream -> all.add(stream(stream, blame)
                        .put("leftOut", texts(leftOut.apply(stream.info().id())))));
        return all;
    }

    private static JsonArray texts(List<Untranslated> problems) {
        JsonArray texts = new JsonArray();
        problems.forEach(problem -> texts.add(problem.toString()));
        return texts;
    }

    private static JsonObject stream(StreamStatus stream, Progress.Blame blame) {
        JsonObject types = new JsonObject();
        stream.types().forEach(type -> types.put(shortName(type.typeUrl()), type(type, causes(blame, stream, type))));
        String id = stream.info().node().getId();
        JsonObject shown = new JsonObject()
                .put("node", id)
                .put("proxy", proxy(id))
                .put("stream", stream.info().id())
                .put("delta", stream.info().delta())
                .put("secure", !stream.info().peerUris().isEmpty())
                .put("peer", String.join(",", stream.info().peerUris()))
                .put("connectedAt", stream.opened().toString())
                .put(
                        "synced",
                        !stream.types().isEmpty() && stream.types().stream().allMatch(TypeStatus::synced))
                .put("types", types);
        Connections.classic(stream, shown);
        return shown;
    }

    private static List<String> causes(Progress.Blame blame, StreamStatus stream, TypeStatus type) {
        return blame.objects(stream.info().id(), type.typeUrl()).stream()
                .map(Causes::text)
                .toList();
    }

    private static JsonObject type(TypeStatus type, List<String> causes) {
        return new JsonObject()
                .put("sent", version(type.sent()))
                .put("acked", version(type.accepted()))
                .put("rejected", version(type.rejected()))
                .put("kept", type.kept())
                .put("message", type.message())
                .put("objects", new JsonArray(causes))
                .put("sentAt", time(type.sent()))
                .put("ackedAt", time(type.accepted()))
                .put("generation", type.generation().toString());
    }

    private static String version(TypeStatus.@Nullable Event event) {
        return event == null ? "" : event.version();
    }

    private static String time(TypeStatus.@Nullable Event event) {
        return event == null ? "" : event.at().toString();
    }

    /** "POD.NAMESPACE" of a node's id, or the id where it has another form. */
    static String proxy(String id) {
        String[] parts = id.split("~", -1);
        return parts.length == ID_PARTS ? parts[2] : id;
    }

    private static String shortName(String typeUrl) {
        return switch (typeUrl) {
            case TypeUrls.CLUSTER -> "CDS";
            case TypeUrls.ENDPOINT -> "EDS";
            case TypeUrls.LISTENER -> "LDS";
            case TypeUrls.ROUTE -> "RDS";
            case TypeUrls.VIRTUAL_HOST -> "VHDS";
            case TypeUrls.EXTENSION -> "ECDS";
            case NameTables.TYPE_URL -> "NDS";
            default -> typeUrl.substring(typeUrl.lastIndexOf('.') + 1);
        };
    }
}
