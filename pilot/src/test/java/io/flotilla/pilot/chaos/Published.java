package io.flotilla.pilot.chaos;

import io.flotilla.config.feed.Collections;
import io.flotilla.config.feed.Envelopes;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceDiff;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.discovery.client.Update;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What Galley has told of a mesh, step by step. */
final class Published {
    private Map<ObjectKey, Config<?>> objects = Map.of();
    private Map<String, ResourceSet> sets = Map.of();
    private long sequence;

    /** The step to these objects, with what changed since the last. */
    Update next(Collection<? extends Config<?>> all) {
        Map<ObjectKey, Config<?>> now = new TreeMap<>();
        all.forEach(config -> now.put(config.key(), config));
        Map<Kind, List<Resource>> changed = new HashMap<>();
        now.forEach((key, config) -> {
            Config<?> earlier = objects.get(key);
            if (earlier == null || !earlier.version().equals(config.version())) {
                changed.computeIfAbsent(key.kind(), kind -> new ArrayList<>())
                        .add(Resource.of(key.resourceName(), Envelopes.wrap(config)));
            }
        });
        Map<Kind, List<String>> removed = new HashMap<>();
        objects.keySet().stream()
                .filter(key -> !now.containsKey(key))
                .forEach(key -> removed.computeIfAbsent(key.kind(), kind -> new ArrayList<>())
                        .add(key.resourceName()));
        objects = now;
        return update(changed, removed);
    }

    private Update update(Map<Kind, List<Resource>> changed, Map<Kind, List<String>> removed) {
        Map<String, ResourceSet> after = new HashMap<>(sets);
        Map<String, ResourceDiff> changes = new HashMap<>();
        List<Kind> kinds = new ArrayList<>(changed.keySet());
        removed.keySet().stream().filter(kind -> !changed.containsKey(kind)).forEach(kinds::add);
        for (Kind kind : kinds) {
            String url = Collections.of(kind).orElseThrow().typeUrl();
            ResourceSet before = sets.getOrDefault(url, ResourceSet.EMPTY);
            ResourceSet next =
                    before.with(changed.getOrDefault(kind, List.of()), removed.getOrDefault(kind, List.of()));
            after.put(url, next);
            changes.put(url, ResourceDiff.between(before, next));
        }
        sets = after;
        sequence++;
        return new Update(new View(new Generation(1, Map.of("chaos", sequence)), after), changes);
    }
}
