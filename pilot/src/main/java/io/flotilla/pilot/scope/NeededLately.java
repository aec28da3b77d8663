package io.flotilla.pilot.scope;

import io.flotilla.discovery.Groups;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** What was needed, and when last: a namespace is not given up because its only proxy is away for a moment. */
final class NeededLately {
    private final Map<String, Instant> names = new HashMap<>();
    private Instant all = Instant.MIN;

    /** These are needed now. */
    void note(Groups needed, Instant now) {
        all = needed.all() ? now : all;
        needed.names().forEach(name -> names.put(name, now));
    }

    /** What was needed at that time or after it; what was not is forgotten. */
    Groups since(Instant time) {
        names.values().removeIf(last -> last.isBefore(time));
        return all.isBefore(time) ? Groups.of(names.keySet()) : Groups.ALL;
    }
}
