package io.flotilla.discovery.client;

import io.flotilla.discovery.Generation;
import io.flotilla.discovery.ResourceDiff;
import io.flotilla.discovery.View;
import java.util.Map;

/**
 * One step from a whole state to the next.
 *
 * @param view    the state after it: every type at one generation
 * @param changes type URL to what changed; types without a change are absent
 */
public record Update(View view, Map<String, ResourceDiff> changes) {
    public Update {
        changes = Map.copyOf(changes);
    }

    public Generation generation() {
        return view.generation();
    }

    /** What changed of a type; nothing where it did not. */
    public ResourceDiff change(String typeUrl) {
        return changes.getOrDefault(typeUrl, ResourceDiff.NONE);
    }
}
