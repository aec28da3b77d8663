package io.flotilla.envoy.patch;

import io.flotilla.envoy.ResourceType;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whose patches Envoy may have meant when it refused resources. */
public final class Suspects {
    private Suspects() {}

    /**
     * Those who changed the resources that the message names; Envoy names what it refuses.
     * Contents that some Envoy took before are never suspected: a proxy of another version, or one that lies, must not
     * take a patch away from all others. It keeps what it had.
     *
     * @param message what Envoy said
     * @param proven  contents that were taken
     */
    public static Set<PatchSource> of(PatchNotes notes, ResourceType type, String message, Set<PatchSource> proven) {
        Map<String, Set<PatchSource>> touched = notes.touched().getOrDefault(type, Map.of());
        Set<PatchSource> named = touched.entrySet().stream()
                .filter(entry -> message.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .flatMap(Collection::stream)
                .collect(Collectors.toCollection(TreeSet::new));
        named.removeAll(proven);
        return named;
    }
}
