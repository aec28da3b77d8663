package io.flotilla.envoy.patch;

import io.flotilla.config.model.ObjectKey;

/**
 * A part of an object that proxies are not told, and why.
 *
 * @param object  whose part
 * @param path    the field, "spec.configPatches[0].patch.value"
 * @param message what is wrong and what to do
 */
public record Untranslated(ObjectKey object, String path, String message) {
    /** "EnvoyFilter NS/NAME: PATH: MESSAGE". */
    @Override
    public String toString() {
        return object + ": " + path + ": " + message;
    }
}
