package io.flotilla.galley.history;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;

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

    /** All of them, as they are made where they are missing; partitions 0 are the broker's own default. */
    static List<NewTopic> all() {
        return Stream.of(values())
                .map(topic -> new NewTopic(
                                topic.text,
                                topic.partitions == 0 ? Optional.empty() : Optional.of(topic.partitions),
                                Optional.<Short>empty())
                        .configs(topic.compacted ? Map.of("cleanup.policy", "compact") : Map.of()))
                .toList();
    }
}
