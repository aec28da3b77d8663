package io.flotilla.envoy.dump;

import io.flotilla.envoy.ResourceType;
import java.util.List;

/**
 * A resource that is not held as it is told.
 *
 * @param lines  unified, from what is told ("-") to what is held ("+"); empty but for OTHER
 */
public record Difference(ResourceType type, String name, Kind kind, List<String> lines) {
    /** In which way. */
    public enum Kind {
        /** It is told, and not held: refused, not sent yet, or nothing that is held asks for it. */
        NOT_HELD,
        /** It is held, and not told any more. */
        NOT_TOLD,
        /** Both know it, with other content. */
        OTHER,
        /** It is held as it is told, and waits for a secret or endpoints: what was there before is still in force. */
        WARMING
    }

    public Difference {
        lines = List.copyOf(lines);
    }
}
