package io.flotilla.galley.history;

import java.util.Map;

/** The topics that Galley writes. */
enum Topic {
    /** The newest state of each object. */
    CONFIG("flotilla.config", 0, true),
    /** Every change, in the order of acceptance. */
    CONFIG_LOG("flotilla.config-log", 1, false),
    /** Every change of endpoints and workloads, likewise. */
    ENDPOINT_LOG("flotilla.endpoint-log", 1, false),
    /** Who did what; other services write it too. */
    AUDIT("flotilla.audit", 0, false);

    private final String text;
    private final int partitions;
    private final boolean compacted;

    Topic(String text, int partitions, boolean compacted) {
        this.text = text;
        this.partitions = partitions;
        this.compacted = compacted;
    }

    String text() {
        return text;
    }

    /** 0 is the broker's own default. */
    int partitions() {
        return partitions;
    }

    Map<String, String> settings() {
        return compacted ? Map.of("cleanup.policy", "compact") : Map.of();
    }
}
