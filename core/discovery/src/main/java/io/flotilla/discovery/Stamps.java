package io.flotilla.discovery;

import java.util.Map;

/** How new the configuration is that a client brings along from another replica. */
public final class Stamps {
    private Stamps() {}

    /** What is told, where the newest stamp in it is known already. */
    public interface Known {
        long newest();
    }

    /**
     * The newest stamp of a generation in the versions that it tells; 0 where none does.
     *
     * @param told by name, or of the whole type under {@link DiscoverySource#WHOLE_TYPE}
     */
    public static long newest(Map<String, String> told) {
        if (told instanceof Known known) {
            return known.newest();
        }
        long newest = StateVersion.parse(told.getOrDefault(DiscoverySource.WHOLE_TYPE, ""))
                .map(version -> version.generation().stamp())
                .orElse(0L);
        for (String version : told.values()) {
            newest = Math.max(newest, Resource.stamp(version));
        }
        return newest;
    }
}
