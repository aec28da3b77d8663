package io.flotilla.envoy.patch;

import io.flotilla.envoy.ResourceType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What patches have done to a proxy's resources.
 *
 * @param touched  by type and name, whose patches changed a resource
 * @param problems patches that were left out
 */
public record PatchNotes(Map<ResourceType, Map<String, Set<PatchSource>>> touched, List<Untranslated> problems) {
    /** Of a proxy that nothing patches. */
    public static final PatchNotes NONE = new PatchNotes(Map.of(), List.of());

    public PatchNotes {
        touched = Map.copyOf(touched);
        problems = List.copyOf(problems);
    }

    /** The notes with those of one type renewed. */
    PatchNotes with(ResourceType type, Map<String, Set<PatchSource>> renewed) {
        Map<ResourceType, Map<String, Set<PatchSource>>> next = new EnumMap<>(ResourceType.class);
        next.putAll(touched);
        if (renewed.isEmpty()) {
            next.remove(type);
        } else {
            next.put(type, Map.copyOf(renewed));
        }
        return new PatchNotes(next, problems);
    }

    /** The notes with other problems. */
    PatchNotes with(List<Untranslated> others) {
        return new PatchNotes(touched, others);
    }
}
