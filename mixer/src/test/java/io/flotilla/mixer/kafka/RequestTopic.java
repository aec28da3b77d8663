package io.flotilla.mixer.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.api.events.v1.RequestBatch;
import io.flotilla.api.events.v1.RequestRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Topic flotilla.requests, read from its start by an ordinary consumer in no group. */
public final class RequestTopic implements AutoCloseable {
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();

    public RequestTopic(String bootstrapServers) {
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor("flotilla.requests").stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Everything on it so far. */
    public List<ConsumerRecord<String, byte[]>> all() {
        consumer.poll(Duration.ofMillis(100)).forEach(seen::add);
        return List.copyOf(seen);
    }

    /** The records of one reporting pod. */
    public List<RequestRecord> recordsOf(String pod) {
        return all().stream()
                .filter(record -> record.key().equals(pod))
                .flatMap(record -> batch(record).getRecordsList().stream())
                .toList();
    }

    /** Of all request records, as often as they are there. */
    public List<Long> fingerprints() {
        return all().stream()
                .flatMap(record -> batch(record).getRecordsList().stream())
                .map(RequestRecord::getFingerprint)
                .toList();
    }

    public static RequestBatch batch(ConsumerRecord<String, byte[]> record) {
        try {
            return RequestBatch.parseFrom(record.value());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("no request batch at offset " + record.offset(), e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
