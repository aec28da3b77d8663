package io.flotilla.galley.analysis;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Objects that were asked about a moment ago: most of them are in the cluster, and on their way back to us. Without
 * them a file with a Gateway and its VirtualService would be told that the Gateway is missing.
 */
final class RecentObjects {
    private static final long LONG_ENOUGH = Duration.ofSeconds(5).toNanos();
    private static final int MOST = 1_000;

    private final Map<ObjectKey, Seen> seen = new LinkedHashMap<>();

    private record Seen(Config<?> config, long at) {}

    /** Those of the last seconds but for this one, which is remembered from now on. */
    synchronized List<Config<?>> others(Config<?> object, long now) {
        Iterator<Seen> oldest = seen.values().iterator();
        int over = seen.size() - MOST;
        while (oldest.hasNext() && (now - oldest.next().at() > LONG_ENOUGH || over-- > 0)) {
            oldest.remove();
        }
        seen.remove(object.key());
        List<Config<?>> others = new ArrayList<>();
        seen.values().forEach(each -> others.add(each.config()));
        seen.put(object.key(), new Seen(object, now));
        return List.copyOf(others);
    }
}
