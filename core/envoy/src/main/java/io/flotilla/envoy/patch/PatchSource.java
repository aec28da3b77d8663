package io.flotilla.envoy.patch;

import io.flotilla.config.model.ObjectKey;

/**
 * The content of one object that patches: another content is another source, and gets a new chance.
 *
 * @param object  "EnvoyFilter NAMESPACE/NAME"
 * @param version hash of its content
 */
public record PatchSource(ObjectKey object, String version) implements Comparable<PatchSource> {
    @Override
    public int compareTo(PatchSource other) {
        int order = object.compareTo(other.object);
        return order != 0 ? order : version.compareTo(other.version);
    }
}
