package io.flotilla.pilot.serve;

import io.flotilla.config.model.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What proxies refuse at this moment, and which objects it came from; a type that is taken again is forgotten. */
public final class Rejections {
    private final Map<Place, List<ObjectKey>> objects = new ConcurrentHashMap<>();

    private record Place(long stream, String typeUrl) {}

    void rejected(long stream, String typeUrl, List<ObjectKey> causes) {
        objects.put(new Place(stream, typeUrl), List.copyOf(causes));
    }

    void accepted(long stream, String typeUrl) {
        objects.remove(new Place(stream, typeUrl));
    }

    void closed(long stream) {
        objects.keySet().removeIf(place -> place.stream() == stream);
    }

    /** The objects behind what a stream refused of a type; empty where nothing is known. */
    public List<ObjectKey> causes(long stream, String typeUrl) {
        return objects.getOrDefault(new Place(stream, typeUrl), List.of());
    }
}
