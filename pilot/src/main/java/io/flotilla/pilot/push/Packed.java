package io.flotilla.pilot.push;

import com.google.protobuf.Message;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.View;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.ResourceCache;
import io.flotilla.envoy.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Resources as bytes. A message that is there already is not serialised again, and a type without a change keeps its
 * set.
 *
 * @param resources the messages
 * @param view      the same as bytes
 */
record Packed(EnvoyResources resources, View view) {
    static final Packed NOTHING = new Packed(
            new EnvoyResources(List.of(), List.of(), List.of(), List.of()), new View(Generation.NONE, Map.of()));

    private record Bytes(String name, Message message) {
        Resource pack() {
            return Resource.of(name, message);
        }
    }

    /** The next state of the same view. */
    Packed next(EnvoyResources fresh, Generation generation, ResourceCache cache) {
        Map<String, ResourceSet> types = new HashMap<>();
        for (ResourceType type : ResourceType.values()) {
            String url = typeUrl(type);
            boolean known = view.types().containsKey(url) && same(resources.of(type), fresh.of(type));
            types.put(url, known ? view.type(url) : set(fresh.of(type), cache));
        }
        return new Packed(fresh, new View(generation, types));
    }

    /** Type URLs whose content is not that of another state. */
    Set<String> changedSince(Packed earlier) {
        Set<String> changed = new HashSet<>();
        view.types().forEach((url, set) -> {
            if (!earlier.view.types().containsKey(url)
                    || !earlier.view.type(url).version().equals(set.version())) {
                changed.add(url);
            }
        });
        return changed;
    }

    private static ResourceSet set(List<? extends Message> messages, ResourceCache cache) {
        List<Resource> packed = new ArrayList<>(messages.size());
        messages.forEach(
                message -> packed.add(cache.get(new Bytes(EnvoyResources.name(message), message), Bytes::pack)));
        return ResourceSet.of(packed);
    }

    // The cache gives the same objects for the same content.
    private static boolean same(List<? extends Message> before, List<? extends Message> after) {
        if (before.size() != after.size()) {
            return false;
        }
        for (int i = 0; i < before.size(); i++) {
            if (before.get(i) != after.get(i)) {
                return false;
            }
        }
        return true;
    }

    static String typeUrl(ResourceType type) {
        return switch (type) {
            case LISTENER -> TypeUrls.LISTENER;
            case ROUTE -> TypeUrls.ROUTE;
            case CLUSTER -> TypeUrls.CLUSTER;
            case ENDPOINT -> TypeUrls.ENDPOINT;
        };
    }
}
