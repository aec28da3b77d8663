package io.flotilla.config.object;

import io.flotilla.config.model.EntryAnnotations;
import io.flotilla.config.model.Kind;
import io.flotilla.config.yaml.YamlNode;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The one thing that a status tells the mesh: whether a WorkloadEntry is healthy, which whoever checks it writes as
 * condition "Healthy". It becomes an annotation, since status is no part of what an object says otherwise.
 */
final class EntryHealth {
    private EntryHealth() {}

    /** The annotations, and the health that the status tells; an annotation that is there already stays. */
    static SortedMap<String, String> with(Kind kind, YamlNode.Mapping root, SortedMap<String, String> annotations) {
        if (!kind.equals(Kind.WORKLOAD_ENTRY)
                || annotations.containsKey(EntryAnnotations.HEALTHY)
                || !(root.get("status") instanceof YamlNode.Mapping status)
                || !(status.get("conditions") instanceof YamlNode.Sequence conditions)) {
            return annotations;
        }
        for (YamlNode item : conditions.items()) {
            if (item instanceof YamlNode.Mapping condition
                    && "Healthy".equals(MetadataReader.text(condition, "type"))) {
                SortedMap<String, String> more = new TreeMap<>(annotations);
                more.put(
                        EntryAnnotations.HEALTHY,
                        Boolean.toString("True".equals(MetadataReader.text(condition, "status"))));
                return Collections.unmodifiableSortedMap(more);
            }
        }
        return annotations;
    }
}
