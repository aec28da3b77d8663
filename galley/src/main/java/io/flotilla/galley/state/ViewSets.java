package io.flotilla.galley.state;

import io.flotilla.config.feed.Collections;
import io.flotilla.config.feed.Envelopes;
import io.flotilla.config.model.Config;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The published objects as resources of collections. */
final class ViewSets {
    private ViewSets() {}

    /** The sets after a change; those that it does not touch stay the same. */
    static Map<String, ResourceSet> after(Map<String, ResourceSet> sets, MeshObjects.Change change) {
        Map<String, List<Resource>> changed = new TreeMap<>();
        Map<String, List<String>> removed = new TreeMap<>();
        change.changed()
                .forEach(config -> Collections.of(config.key().kind())
                        .ifPresent(
                                collection -> changed.computeIfAbsent(collection.typeUrl(), type -> new ArrayList<>())
                                        .add(resource(config))));
        change.removed()
                .forEach(key -> Collections.of(key.kind())
                        .ifPresent(
                                collection -> removed.computeIfAbsent(collection.typeUrl(), type -> new ArrayList<>())
                                        .add(key.resourceName())));
        Set<String> touched = new TreeSet<>(changed.keySet());
        touched.addAll(removed.keySet());
        Map<String, ResourceSet> next = new HashMap<>(sets);
        for (String type : touched) {
            next.put(
                    type,
                    next.getOrDefault(type, ResourceSet.EMPTY)
                            .with(changed.getOrDefault(type, List.of()), removed.getOrDefault(type, List.of())));
        }
        return next;
    }

    /** Its version is the object's: a line that moved makes other bytes, and is no news. */
    private static Resource resource(Config<?> config) {
        return Resource.of(config.key().resourceName(), config.version(), Envelopes.wrap(config));
    }
}
