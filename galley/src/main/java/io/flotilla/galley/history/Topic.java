package io.flotilla.galley.history;

import java.util.Map;

/** The topics that Galley writes. */
enum Topic {
    /** The newest state of each object. */
    CONFIG("flotilla.config", 0, Map.of("cleanup.policy", "compact")),
    /** Every change, in the order of acceptance. */
    CONFIG_LOG("flotilla.config-log", 1, Map.of()),
    /** Every change of endpoints and workloads, likewise. */
    ENDPOINT_LOG("flotilla.endpoint-log", 1, Map.of()),
    /** Who did what; other services write it too. */
    AUDIT("flotilla.audit", 0, Map.of());

    private final String text;
    private final int partitions;
    private final Map<String, String> settings;

    Topic(String text, int partitions, Map<String, String> settings) {
        this.text = text;
        this.partitions = partitions;
        this.settings = settings;
    }

    String text() {
        return text;
    }

    /** 0 is the broker's own default. */
    int partitions() {
        return partitions;
    }

    Map<String, String> settings() {
        return settings;
    }
}
