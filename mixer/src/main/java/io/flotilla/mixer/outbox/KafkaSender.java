package io.flotilla.mixer.outbox;

import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/** Carries batches from the outbox to topic flotilla.requests; a batch leaves the outbox when Kafka has confirmed it. */
@ApplicationScoped
public class KafkaSender {
    /** Batches on their way at once; the emitter's buffer holds more than that, so it never overflows. */
    private static final int AT_ONCE = 64;

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Logger LOG = Logger.getLogger(KafkaSender.class);

    private final Emitter<byte[]> emitter;
    private final Topics topics;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean running = true;

    KafkaSender(
            @Channel("requests-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = 2 * AT_ONCE)
                    Emitter<byte[]> emitter,
            Topics topics) {
        this.emitter = emitter;
        this.topics = topics;
    }

    /** Begins to carry, on a thread of its own. */
    public void start(Outbox outbox) {
        Thread.ofVirtual().name("kafka-sender").start(() -> run(outbox));
    }

    /** Waits until everything is written, but not longer than this; then stops. */
    public void stop(Outbox outbox, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!outbox.isEmpty() && failures.get() == 0 && System.nanoTime() < end) {
            pause(Duration.ofMillis(10));
        }
        running = false;
    }

    /** Whether the last write failed, or none could begin yet. */
    public boolean kafkaIsAway() {
        return failures.get() > 0 || !topics.ready();
    }

    private void run(Outbox outbox) {
        while (running) {
            try {
                if (!topics.ready()) {
                    pause(POLL);
                    continue;
                }
                Optional<SealedBatch> batch = outbox.take(POLL);
                if (batch.isPresent()) {
                    free.acquire();
                    send(outbox, batch.get());
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void send(Outbox outbox, SealedBatch batch) {
        Message<byte[]> message = Message.of(
                        batch.value(),
                        () -> {
                            written(outbox, batch);
                            return CompletableFuture.completedFuture(null);
                        },
                        problem -> {
                            failed(outbox, batch, problem);
                            return CompletableFuture.completedFuture(null);
                        })
                .addMetadata(OutgoingKafkaRecordMetadata.builder()
                        .withKey(batch.key())
                        .build());
        try {
            emitter.send(message);
        } catch (IllegalStateException e) {
            failed(outbox, batch, e);
        }
        if (failures.get() > 0) {
            pause(PAUSE);
        }
    }

    private void written(Outbox outbox, SealedBatch batch) {
        free.release();
        outbox.done(batch);
        if (failures.getAndSet(0) > 0) {
            LOG.info("Kafka takes request records again");
        }
    }

    private void failed(Outbox outbox, SealedBatch batch, Throwable problem) {
        free.release();
        outbox.failed(batch);
        if (failures.getAndIncrement() == 0) {
            LOG.warnf("Kafka does not take request records, they wait: %s", problem);
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
