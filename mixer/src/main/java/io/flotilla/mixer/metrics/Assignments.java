package io.flotilla.mixer.metrics;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** Tells the aggregator which partitions it has been given, and where their logs end. */
@ApplicationScoped
@Identifier("assignments")
class Assignments implements KafkaConsumerRebalanceListener {
    private static final Logger LOG = Logger.getLogger(Assignments.class);

    private final RequestAggregator aggregator;

    Assignments(RequestAggregator aggregator) {
        this.aggregator = aggregator;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        LOG.infof("counts %d partitions", partitions.size());
        consumer.endOffsets(partitions).forEach((partition, end) -> aggregator.assigned(partition.partition(), end));
    }
}
