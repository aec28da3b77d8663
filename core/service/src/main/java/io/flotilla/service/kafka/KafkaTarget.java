package io.flotilla.service.kafka;

import io.flotilla.service.outbox.Outbox;
import io.flotilla.service.outbox.OutboxRecord;
import io.flotilla.service.outbox.OutboxSender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Kafka, as an outbox is carried to it; its topics are made where they are missing. */
public final class KafkaTarget implements OutboxSender.Target {
    private static final int TIMEOUT_MILLIS = 5_000;

    private final Properties settings = new Properties();
    private final List<NewTopic> topics;

    /**
     * Connects when it is asked to.
     *
     * @param client name of this client, for Kafka's logs and metrics
     * @param topics that are made where they are missing
     */
    public KafkaTarget(String bootstrapServers, String client, List<NewTopic> topics) {
        this.topics = List.copyOf(topics);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, client);
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    }

    @Override
    public OutboxSender.Connection connect() throws OutboxSender.Undelivered, InterruptedException {
        try {
            Properties admin = new Properties();
            admin.putAll(settings);
            admin.put("default.api.timeout.ms", TIMEOUT_MILLIS);
            Topics.ensure(admin, topics);
            Properties own = new Properties();
            own.putAll(settings);
            own.putAll(InOrder.SETTINGS);
            own.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
            own.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 3 * TIMEOUT_MILLIS);
            return new Producing(new KafkaProducer<>(own, new StringSerializer(), new ByteArraySerializer()));
        } catch (ExecutionException | KafkaException e) {
            throw undelivered(e);
        }
    }

    private record Producing(KafkaProducer<String, byte[]> producer) implements OutboxSender.Connection {
        @Override
        public void send(Outbox.Batch batch) throws OutboxSender.Undelivered, InterruptedException {
            try {
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (OutboxRecord record : batch.records()) {
                    byte @Nullable [] value =
                            record.value() == null ? null : record.value().toByteArray();
                    Future<RecordMetadata> result =
                            producer.send(new ProducerRecord<>(record.topic(), record.key(), value));
                    if (result.isDone()) {
                        // Without a broker each send waits its time out: the first is enough.
                        result.get();
                    }
                    sent.add(result);
                }
                for (Future<RecordMetadata> each : sent) {
                    each.get();
                }
            } catch (ExecutionException | KafkaException e) {
                throw undelivered(e);
            }
        }

        @Override
        public void close() {
            producer.close(Duration.ZERO);
        }
    }

    private static OutboxSender.Undelivered undelivered(Exception e) {
        return new OutboxSender.Undelivered(e.getCause() == null ? e : e.getCause());
    }
}
