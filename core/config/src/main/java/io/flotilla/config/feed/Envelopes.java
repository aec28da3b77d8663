package io.flotilla.config.feed;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Timestamps;
import io.flotilla.api.mcp.v1alpha1.Metadata;
import io.flotilla.api.mcp.v1alpha1.Resource;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Objects in their envelopes, istio.mcp.v1alpha1.Resource, and back. */
public final class Envelopes {
    /** Where an object was written travels as an annotation that consumers take away again. */
    private static final String ORIGIN = "flotilla.io/origin";

    private Envelopes() {}

    /** Registry objects say their origin themselves, and carry no other metadata. */
    public static Resource wrap(Config<?> config) {
        Metadata.Builder metadata = Metadata.newBuilder()
                .setName(config.key().resourceName())
                .setVersion(config.version())
                .putAllLabels(config.labels())
                .putAllAnnotations(config.annotations());
        if (!config.created().equals(Instant.EPOCH)) {
            metadata.setCreateTime(Timestamps.fromMillis(config.created().toEpochMilli()));
        }
        String origin = config.origin().toString();
        if (!origin.isEmpty() && !config.key().kind().group().startsWith("flotilla.registry")) {
            metadata.putAnnotations(ORIGIN, origin);
        }
        return Resource.newBuilder()
                .setMetadata(metadata)
                .setBody(Any.pack(config.spec()))
                .build();
    }

    /** Empty where the body is not what the collection holds. */
    public static Optional<Config<?>> unwrap(Collections.Collection collection, Resource resource) {
        Metadata metadata = resource.getMetadata();
        ObjectKey key = key(collection, metadata.getName());
        Map<String, String> annotations = new TreeMap<>(metadata.getAnnotationsMap());
        Origin origin = origin(annotations.remove(ORIGIN));
        String body = resource.getBody().getTypeUrl();
        String expected = collection.message().getDescriptorForType().getFullName();
        if (!body.substring(body.lastIndexOf('/') + 1).equals(expected)) {
            return Optional.empty();
        }
        try {
            Message spec = collection
                    .message()
                    .getParserForType()
                    .parseFrom(resource.getBody().getValue());
            Instant created = Instant.ofEpochMilli(Timestamps.toMillis(metadata.getCreateTime()));
            return Optional.of(new Config<>(
                    key,
                    spec,
                    java.util.Collections.unmodifiableMap(new TreeMap<>(metadata.getLabelsMap())),
                    java.util.Collections.unmodifiableMap(annotations),
                    created,
                    metadata.getVersion(),
                    origin));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    /**
     * The objects of one collection as they came over a stream; those that cannot be read are left out.
     *
     * @param anys serialised google.protobuf.Any with the envelope, each
     */
    public static List<Config<?>> read(String typeUrl, java.util.Collection<ByteString> anys) {
        List<Config<?>> objects = new ArrayList<>();
        Collections.of(typeUrl)
                .ifPresent(
                        collection -> anys.forEach(any -> read(collection, any).ifPresent(objects::add)));
        return List.copyOf(objects);
    }

    static Optional<Config<?>> read(Collections.Collection collection, ByteString any) {
        try {
            return unwrap(collection, Resource.parseFrom(Any.parseFrom(any).getValue()));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    /** The key of a resource by its name on the wire, "NAMESPACE/NAME" or "NAME". */
    public static ObjectKey key(Collections.Collection collection, String resourceName) {
        int slash = resourceName.indexOf('/');
        return slash < 0
                ? ObjectKey.of(collection.kind(), "", resourceName)
                : ObjectKey.of(collection.kind(), resourceName.substring(0, slash), resourceName.substring(slash + 1));
    }

    private static Origin origin(@org.jspecify.annotations.Nullable String text) {
        if (text == null) {
            return Origin.NONE;
        }
        int colon = text.lastIndexOf(':');
        String line = text.substring(colon + 1);
        return colon > 0
                        && !line.isEmpty()
                        && line.length() < 10
                        && line.chars().allMatch(Character::isDigit)
                ? new Origin(text.substring(0, colon), Integer.parseInt(line))
                : new Origin(text, 0);
    }
}
