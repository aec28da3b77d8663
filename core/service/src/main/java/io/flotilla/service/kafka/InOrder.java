package io.flotilla.service.kafka;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** How a producer must be set so that a partition has what is sent to it once and in order, from its first record on. */
public final class InOrder {
    /**
     * One request at a time: a broker that does not know a producer yet takes whatever of its requests comes first. Of
     * several on their way to a partition that is only just being made the first are refused and a later one is taken,
     * and then the first, sent again, are out of order until their delivery timeout ends.
     */
    public static final Map<String, Object> SETTINGS = Map.of(
            ProducerConfig.ACKS_CONFIG, "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true",
            ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");

    private InOrder() {}
}
