package io.flotilla.mixer.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.api.events.v1.AuditEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Topic flotilla.audit, read from its start by an ordinary consumer in no group. */
public final class AuditTopic implements AutoCloseable {
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<AuditEvent> seen = new ArrayList<>();

    public AuditTopic(String bootstrapServers) {
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor("flotilla.audit").stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /**
     * Events whose path is this one, of all that Kafka had confirmed when this was called. One that Kafka took too late
     * for Mixer's patience is there a second time, by its disk: that is one event.
     */
    public List<AuditEvent> of(String path) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(Duration.ofMillis(100)).forEach(record -> seen.add(event(record)));
        }
        return seen.stream()
                .filter(event -> event.getDetailsOrDefault("path", "").equals(path))
                .distinct()
                .toList();
    }

    /** The paths of an actor's events that begin so, once each, in the order in which Kafka has them. */
    public List<String> paths(String actor, String prefix) {
        of(prefix);
        return seen.stream()
                .filter(event -> event.getActor().equals(actor))
                .map(event -> event.getDetailsOrDefault("path", ""))
                .filter(path -> path.startsWith(prefix))
                .distinct()
                .toList();
    }

    private static AuditEvent event(ConsumerRecord<String, byte[]> record) {
        try {
            AuditEvent event = AuditEvent.parseFrom(record.value());
            if (!event.getActor().equals(record.key())) {
                throw new AssertionError("the key of " + event + " is " + record.key());
            }
            return event;
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("no event at offset " + record.offset(), e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
