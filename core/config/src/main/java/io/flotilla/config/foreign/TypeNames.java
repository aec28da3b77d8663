package io.flotilla.config.foreign;

import io.flotilla.config.feed.Collections;
import io.flotilla.config.model.Kind;
import java.util.Map;
import java.util.TreeMap;

/**
 * The type URLs under which readers of another make ask for a kind. Each release of istiod asks for one version of a
 * kind, "GROUP/VERSION/KIND"; the message inside is the same for all, so each version gives the same resources.
 */
public final class TypeNames {
    private static final Map<String, Kind> BY_TYPE = byType();

    private TypeNames() {}

    /** Every type URL that is answered, and the kind that it means; the hub versions among them. */
    public static Map<String, Kind> all() {
        return BY_TYPE;
    }

    private static Map<String, Kind> byType() {
        Map<String, Kind> types = new TreeMap<>();
        for (Collections.Collection collection : Collections.ALL) {
            Kind kind = collection.kind();
            if (RegistryEntries.isRegistry(kind)) {
                continue;
            }
            types.put(collection.typeUrl(), kind);
            collection.aliases().forEach(alias -> types.put(alias, kind));
        }
        return java.util.Collections.unmodifiableMap(types);
    }
}
