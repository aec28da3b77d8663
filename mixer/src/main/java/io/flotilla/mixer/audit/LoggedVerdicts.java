package io.flotilla.mixer.audit;

import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.api.events.v1.RequestBatch;
import io.flotilla.service.kafka.InOrder;
import io.flotilla.telemetry.audit.RequestAudit;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Verdicts that access logs tell, from flotilla.requests to flotilla.audit. Offsets of the first may be committed once
 * {@link #settled}; an event may come twice, with the same fingerprint, but none is left out. Used by one thread.
 */
@ApplicationScoped
public class LoggedVerdicts {
    private static final Logger LOG = Logger.getLogger(LoggedVerdicts.class);
    /** More than this many are settled before the next are taken. */
    private static final int MOST_OPEN = 5_000;

    private static final int TIMEOUT_MILLIS = 2_000;

    private final Map<String, Object> settings = new HashMap<>();
    private final List<Sent> open = new ArrayList<>();
    private final AtomicLong written = new AtomicLong();
    private @Nullable KafkaProducer<String, byte[]> producer;
    private boolean told;

    private record Sent(AuditEvent event, @Nullable Future<RecordMetadata> result) {}

    LoggedVerdicts(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        settings.putAll(kafka);
        settings.keySet().retainAll(ProducerConfig.configNames());
        settings.putAll(InOrder.SETTINGS);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * TIMEOUT_MILLIS);
        settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
    }

    /** Takes what a batch has for the audit. */
    public void take(RequestBatch batch) {
        batch.getRecordsList()
                .forEach(record -> RequestAudit.after(record)
                        .ifPresent(event -> open.add(new Sent(event, open.size() < MOST_OPEN ? send(event) : null))));
    }

    /** Waits until Kafka has all that was taken; false where it does not, and then all of that is still to be settled. */
    public boolean settled() {
        if (open.isEmpty()) {
            return true;
        }
        List<Sent> left = new ArrayList<>();
        boolean there = true;
        for (Sent each : open) {
            // Once one has failed nobody waits for the others: what is not there is sent again the next time.
            there = there && arrived(each.result() == null ? send(each.event()) : each.result());
            if (there) {
                written.incrementAndGet();
            } else {
                left.add(new Sent(each.event(), null));
            }
        }
        open.clear();
        open.addAll(left);
        if (there && told) {
            told = false;
            LOG.info("Kafka takes the verdicts of access logs again");
        }
        return there;
    }

    private boolean arrived(@Nullable Future<RecordMetadata> result) {
        try {
            if (result == null) {
                return false;
            }
            result.get();
            return true;
        } catch (ExecutionException e) {
            failed(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private @Nullable Future<RecordMetadata> send(AuditEvent event) {
        try {
            if (producer == null) {
                producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
            }
            return producer.send(new ProducerRecord<>(AuditTrail.TOPIC, event.getActor(), event.toByteArray()));
        } catch (KafkaException e) {
            failed(e);
            return null;
        }
    }

    private void failed(Throwable problem) {
        if (!told) {
            told = true;
            LOG.warnf("Kafka does not take the verdicts of access logs, they are tried again: %s", problem);
        }
    }

    /** Events that Kafka has. */
    public long written() {
        return written.get();
    }

    /** Ends; what is not settled is read again by whoever reads on. */
    public void close() {
        if (producer != null) {
            producer.close(Duration.ofMillis(TIMEOUT_MILLIS));
        }
    }
}
