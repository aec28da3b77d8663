package io.flotilla.mixer.audit;

import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.service.kafka.InOrder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Kafka's own producer, which sends at once and gives up soon. */
final class KafkaConfirmed implements Confirmed {
    private static final long BUFFER_BYTES = 8L << 20;

    private final Map<String, Object> settings = new HashMap<>();
    private final String topic;
    private final long patienceMillis;
    private @Nullable KafkaProducer<String, byte[]> producer;
    private boolean closed;

    /**
     * Connects when the first event comes.
     *
     * @param patience how long Kafka may take
     */
    KafkaConfirmed(Map<String, Object> kafka, String topic, Duration patience) {
        this.topic = topic;
        this.patienceMillis = patience.toMillis();
        settings.putAll(kafka);
        settings.keySet().retainAll(ProducerConfig.configNames());
        int millis = Math.toIntExact(patienceMillis);
        settings.putAll(InOrder.SETTINGS);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
        settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
    }

    @Override
    public void write(AuditEvent event) throws Unconfirmed, InterruptedException {
        Future<RecordMetadata> result;
        try {
            result = producer().send(new ProducerRecord<>(topic, event.getActor(), event.toByteArray()));
            result.get(patienceMillis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new Unconfirmed(e.getCause() == null ? e : e.getCause());
        } catch (KafkaException | IllegalStateException | TimeoutException e) {
            throw new Unconfirmed(e);
        }
    }

    private synchronized KafkaProducer<String, byte[]> producer() {
        KafkaProducer<String, byte[]> open = producer;
        if (open == null) {
            if (closed) {
                throw new IllegalStateException("this process ends");
            }
            open = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
            producer = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (producer != null) {
            producer.close(Duration.ofMillis(patienceMillis));
        }
    }
}
