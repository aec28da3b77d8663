package io.flotilla.envoy.patch;

import java.util.Map;

/**
 * Objects whose patches some Envoy has refused: translation leaves them out.
 *
 * @param refused content to what Envoy said
 */
public record Quarantine(Map<PatchSource, String> refused) {
    /** Nothing was refused. */
    public static final Quarantine EMPTY = new Quarantine(Map.of());

    public Quarantine {
        refused = Map.copyOf(refused);
    }
}
