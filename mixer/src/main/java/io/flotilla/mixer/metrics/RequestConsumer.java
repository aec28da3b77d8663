package io.flotilla.mixer.metrics;

import io.flotilla.mixer.MixerConfig;
import io.flotilla.mixer.audit.LoggedVerdicts;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads flotilla.requests as one of the group. One thread reads, counts and commits, so what is committed is exactly
 * what was counted, also at the moment when a partition is taken away.
 */
@ApplicationScoped
public class RequestConsumer {
    private static final List<String> TOPIC = List.of("flotilla.requests");
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration COMMIT = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(3);
    private static final Logger LOG = Logger.getLogger(RequestConsumer.class);

    private final Map<String, Object> kafka;
    private final String group;
    private final RequestAggregator aggregator;
    private final LoggedVerdicts verdicts;
    // Next offsets by partition, of what was counted and not committed yet. Only used by the thread.
    private final Map<TopicPartition, OffsetAndMetadata> counted = new HashMap<>();
    private volatile boolean running = true;
    private volatile @Nullable KafkaConsumer<String, byte[]> consumer;
    private @Nullable Thread thread;

    RequestConsumer(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            MixerConfig config,
            RequestAggregator aggregator,
            LoggedVerdicts verdicts) {
        this.kafka = kafka;
        this.group = config.telemetry().group();
        this.aggregator = aggregator;
        this.verdicts = verdicts;
    }

    /** Begins, on a thread of its own. */
    public void start() {
        thread = Thread.ofPlatform().daemon().name("request-consumer").start(this::run);
    }

    /** Commits what was counted and leaves the group. */
    public void stop() throws InterruptedException {
        running = false;
        KafkaConsumer<String, byte[]> reading = consumer;
        if (reading != null) {
            reading.wakeup();
        }
        if (thread != null) {
            thread.join(CLOSE.multipliedBy(2));
        }
        verdicts.close();
    }

    private void run() {
        while (running) {
            try (KafkaConsumer<String, byte[]> reading =
                    new KafkaConsumer<>(settings(), new StringDeserializer(), new ByteArrayDeserializer())) {
                consumer = reading;
                reading.subscribe(TOPIC, new Assignments(reading));
                read(reading);
            } catch (WakeupException e) {
                LOG.debug("asked to stop");
            } catch (KafkaException e) {
                // The client repeats by itself what can be repeated; what is left needs a new one.
                LOG.warnf("reading %s begins anew: %s", TOPIC, e);
                pause();
            }
        }
    }

    private void read(KafkaConsumer<String, byte[]> reading) {
        try {
            long next = System.nanoTime() + COMMIT.toNanos();
            while (running) {
                for (ConsumerRecord<String, byte[]> record : reading.poll(POLL)) {
                    aggregator.count(record);
                    counted.put(
                            new TopicPartition(record.topic(), record.partition()),
                            new OffsetAndMetadata(record.offset() + 1));
                }
                if (System.nanoTime() > next) {
                    commit(reading, counted.keySet());
                    next = System.nanoTime() + COMMIT.toNanos();
                }
            }
        } finally {
            commit(reading, counted.keySet());
            counted.clear();
        }
    }

    /** Commits what was counted of these partitions; where that fails, it is tried again with the next. */
    private void commit(Consumer<?, ?> reading, Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(counted);
        offsets.keySet().retainAll(List.copyOf(partitions));
        if (offsets.isEmpty() || !verdicts.settled()) {
            return;
        }
        try {
            reading.commitSync(offsets, CLOSE);
            counted.keySet().removeAll(offsets.keySet());
        } catch (WakeupException e) {
            // The wakeup was for the poll. It is used up: this time the commit goes through.
            reading.commitSync(offsets, CLOSE);
            counted.keySet().removeAll(offsets.keySet());
        } catch (KafkaException e) {
            LOG.debugf("offsets are not committed now: %s", e);
        }
    }

    private final class Assignments implements ConsumerRebalanceListener {
        private final Consumer<?, ?> reading;

        Assignments(Consumer<?, ?> reading) {
            this.reading = reading;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // Everything that was read of them is counted: this is called from within the next poll.
            commit(reading, partitions);
            counted.keySet().removeAll(List.copyOf(partitions));
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            counted.keySet().removeAll(List.copyOf(partitions));
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                LOG.infof("counts %d more partitions", partitions.size());
                reading.endOffsets(partitions)
                        .forEach((partition, end) -> aggregator.assigned(partition.partition(), end));
            }
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.keySet().retainAll(ConsumerConfig.configNames());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 10_000);
        settings.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        // A killed Mixer's partitions are another's (or its successor's) after this time.
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        return settings;
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
