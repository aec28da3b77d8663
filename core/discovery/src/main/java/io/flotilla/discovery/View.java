package io.flotilla.discovery;

import java.util.Map;

/**
 * What one stream, or many, may see at one generation: all types together, or not at all.
 *
 * @param generation what the content was made from
 * @param types      type URL to resources
 */
public record View(Generation generation, Map<String, ResourceSet> types) {
    public View {
        types = Map.copyOf(types);
    }

    /** The resources of a type; empty where the view has none. */
    public ResourceSet type(String typeUrl) {
        return types.getOrDefault(typeUrl, ResourceSet.EMPTY);
    }
}
