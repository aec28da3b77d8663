package io.flotilla.e2e.mesh;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.RequestBatch;
import io.flotilla.api.events.v1.RequestRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** An ordinary consumer of {@code flotilla.requests} that counts the requests for one service host. */
public final class RequestTopic implements AutoCloseable {
    private static final String TOPIC = "flotilla.requests";

    private final KafkaConsumer<String, byte[]> consumer;
    private final String host;
    private final Map<String, Long> perReporter = new TreeMap<>();

    private RequestTopic(KafkaConsumer<String, byte[]> consumer, String host) {
        this.consumer = consumer;
        this.host = host;
    }

    /** Reads what is written from now on. */
    public static RequestTopic fromNow(int port, String host) {
        KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        "127.0.0.1:" + port,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (PartitionInfo partition : consumer.partitionsFor(TOPIC)) {
            partitions.add(new TopicPartition(partition.topic(), partition.partition()));
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // The seek is lazy: asking for the position makes "now" now.
        partitions.forEach(consumer::position);
        return new RequestTopic(consumer, host);
    }

    /** Takes what has arrived; waits a moment where there is nothing. */
    public void poll() {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
            try {
                RequestBatch.parseFrom(record.value()).getRecordsList().forEach(this::count);
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError("no RequestBatch at offset " + record.offset(), e);
            }
        }
    }

    /** "source" and "destination" to the number of HTTP requests. */
    public Map<String, Long> perReporter() {
        return Map.copyOf(perReporter);
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void count(RequestRecord record) {
        if (record.getType() == RecordType.HTTP && record.getService().getHost().equals(host)) {
            perReporter.merge(record.getReporter().name().toLowerCase(Locale.ROOT), 1L, Long::sum);
        }
    }
}
