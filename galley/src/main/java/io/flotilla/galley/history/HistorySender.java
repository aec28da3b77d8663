package io.flotilla.galley.history;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Carries the outbox to Kafka, on a thread of its own: a batch leaves the outbox when Kafka has confirmed all of it. */
final class HistorySender implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(HistorySender.class);
    private static final int AT_ONCE = 500;
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Outbox outbox;
    private final Properties settings = new Properties();
    private final Thread thread;
    private volatile boolean running = true;
    private volatile boolean away;
    private final AtomicLong written = new AtomicLong();

    HistorySender(Outbox outbox, String bootstrapServers) {
        this.outbox = outbox;
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "galley");
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        thread = Thread.ofPlatform().daemon().name("history-sender").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** The last try did not succeed. */
    boolean away() {
        return away;
    }

    /** Records that Kafka has confirmed. */
    long written() {
        return written.get();
    }

    private void run() {
        while (running) {
            try {
                KafkaProducer<String, byte[]> producer = connect();
                try {
                    carry(producer);
                } finally {
                    // Whatever is still on its way comes again from the outbox; waiting for it could be for ever.
                    producer.close(Duration.ZERO);
                }
            } catch (ExecutionException | KafkaException e) {
                failed(e);
            } catch (IOException e) {
                LOG.errorf("the outbox cannot be read: %s", e);
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private KafkaProducer<String, byte[]> connect() throws ExecutionException, InterruptedException {
        Properties admin = new Properties();
        admin.putAll(settings);
        admin.put("default.api.timeout.ms", TIMEOUT_MILLIS);
        HistoryTopics.ensure(admin);
        Properties own = new Properties();
        own.putAll(settings);
        own.put(ProducerConfig.ACKS_CONFIG, "all");
        own.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        own.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
        own.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 3 * TIMEOUT_MILLIS);
        return new KafkaProducer<>(own, new StringSerializer(), new ByteArraySerializer());
    }

    private void carry(KafkaProducer<String, byte[]> producer)
            throws IOException, InterruptedException, ExecutionException {
        while (running) {
            Outbox.Batch batch = outbox.next(AT_ONCE, POLL);
            if (batch.records().isEmpty()) {
                continue;
            }
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (HistoryRecord record : batch.records()) {
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
            outbox.done(batch);
            written.addAndGet(batch.records().size());
            if (away) {
                away = false;
                LOG.info("Kafka takes the history of configuration again");
            }
        }
    }

    private void failed(Exception problem) {
        if (!away) {
            away = true;
            Throwable cause = problem.getCause() == null ? problem : problem.getCause();
            LOG.warnf("Kafka is away, the history of configuration waits on disk: %s", cause);
        }
        pause();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join(TIMEOUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
