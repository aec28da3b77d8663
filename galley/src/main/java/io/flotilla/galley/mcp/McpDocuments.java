package io.flotilla.galley.mcp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import io.flotilla.api.mcp.v1alpha1.Metadata;
import io.flotilla.api.mcp.v1alpha1.Resource;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.foreign.ClassicNames;
import io.flotilla.galley.source.HeldDeletions;
import io.flotilla.galley.source.MassDeletionGuard;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What another server sends, as documents of a source. Not for several threads at once. */
final class McpDocuments {
    /** Where an object stood there is of no use here. */
    private static final String ORIGIN = "flotilla.io/origin";

    private final boolean classic;
    private final MassDeletionGuard guard;
    private final Map<String, Map<String, String>> told = new HashMap<>();
    private final Map<String, MassDeletionGuard.Pending> pending = new TreeMap<>();

    McpDocuments(boolean classic, MassDeletionGuard guard) {
        this.classic = classic;
        this.guard = guard;
    }

    /** Types of which more than half is gone there, and kept here until the server says so again. */
    Set<String> held() {
        return Set.copyOf(pending.keySet());
    }

    /** What waits, by type. */
    List<HeldDeletions> heldDeletions() {
        return pending.entrySet().stream()
                .map(each -> HeldDeletions.of(each.getKey(), each.getValue()))
                .toList();
    }

    /** What waits of a type is meant: it counts when the server says it once more. */
    void confirm(String type) {
        pending.computeIfPresent(type, (key, held) -> new MassDeletionGuard.Pending(held.names(), Instant.EPOCH));
    }

    /** When the server is to be asked again; empty where nothing is held. */
    Optional<Instant> askAgain() {
        return pending.values().stream().map(guard::due).min(Comparator.naturalOrder());
    }

    /**
     * What a response changes: a document's new text, empty where it is gone.
     *
     * @param type  a type URL, or the name of a collection
     * @param first on this stream: a server that lost its storage tells little, and it is asked again before that is
     *              believed; what goes later on a stream was taken away there
     * @throws InvalidProtocolBufferException where one of them is not what the type says; then nothing is changed
     */
    Map<String, Optional<String>> change(String type, List<Resource> resources, boolean first, Instant now)
            throws InvalidProtocolBufferException {
        Collections.Collection collection = collection(type)
                .orElseThrow(() -> new InvalidProtocolBufferException("type \"" + type + "\" was not asked for"));
        Map<String, String> texts = new TreeMap<>();
        for (Resource resource : resources) {
            texts.put(type + "/" + resource.getMetadata().getName(), text(type, collection, resource));
        }
        Map<String, String> before = told.getOrDefault(type, Map.of());
        Map<String, Optional<String>> change = new TreeMap<>();
        texts.forEach((name, text) -> {
            if (!text.equals(before.get(name))) {
                change.put(name, Optional.of(text));
            }
        });
        Set<String> missing = new TreeSet<>(before.keySet());
        missing.removeAll(texts.keySet());
        if (first && holds(type, before.size(), missing, now)) {
            missing.forEach(name -> texts.put(name, before.getOrDefault(name, "")));
        } else {
            pending.remove(type);
            missing.forEach(name -> change.put(name, Optional.empty()));
        }
        told.put(type, texts);
        return change;
    }

    private boolean holds(String type, int known, Set<String> missing, Instant now) {
        return switch (guard.decide(known, missing, pending.get(type), now)) {
            case MassDeletionGuard.Decision.Delete delete -> false;
            case MassDeletionGuard.Decision.Hold(MassDeletionGuard.Pending held) -> {
                pending.put(type, held);
                yield true;
            }
        };
    }

    private Optional<Collections.Collection> collection(String type) {
        return classic
                ? Optional.ofNullable(ClassicNames.ofFirstRelease().get(type)).flatMap(Collections::of)
                : Collections.asked(type);
    }

    private static String text(String type, Collections.Collection collection, Resource resource)
            throws InvalidProtocolBufferException {
        Message expected = ClassicNames.untyped(type) ? Struct.getDefaultInstance() : collection.message();
        String name = expected.getDescriptorForType().getFullName();
        String body = resource.getBody().getTypeUrl();
        if (!body.substring(body.lastIndexOf('/') + 1).equals(name)) {
            throw new InvalidProtocolBufferException(
                    resource.getMetadata().getName() + " holds a " + body + ", not a " + name);
        }
        Message spec = expected.getParserForType().parseFrom(resource.getBody().getValue());
        String apiVersion =
                collection.typeUrl().substring(0, collection.typeUrl().lastIndexOf('/'));
        return new JsonObject()
                .put("apiVersion", apiVersion)
                .put("kind", collection.kind().name())
                .put("metadata", metadata(resource.getMetadata()))
                .put("spec", new JsonObject(JsonFormat.printer().print(spec)))
                .encode();
    }

    private static JsonObject metadata(Metadata metadata) {
        String name = metadata.getName();
        int slash = name.indexOf('/');
        JsonObject object = new JsonObject().put("name", name.substring(slash + 1));
        if (slash >= 0) {
            object.put("namespace", name.substring(0, slash));
        }
        Map<String, Object> annotations = new TreeMap<>(metadata.getAnnotationsMap());
        annotations.remove(ORIGIN);
        return object.put("labels", new JsonObject(new TreeMap<>(metadata.getLabelsMap())))
                .put("annotations", new JsonObject(annotations));
    }
}
