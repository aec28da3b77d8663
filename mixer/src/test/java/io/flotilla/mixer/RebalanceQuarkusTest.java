package io.flotilla.mixer;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.fixtures.kafka.KafkaBroker;
import io.flotilla.mixer.kafka.RequestTopic;
import io.flotilla.service.GrpcChannels;
import io.flotilla.service.HostPort;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** While another Mixer comes and goes, both together count each request once. */
@QuarkusTest
@QuarkusTestResource(value = BrokerResource.class, restrictToAnnotatedClass = true)
class RebalanceQuarkusTest {
    private static final int PODS = 8;

    @SuppressWarnings("NullAway.Init") // set by BrokerResource
    KafkaBroker broker;

    @Inject
    Endpoints endpoints;

    private long countedHere() {
        return Scrape.sum(
                Scrape.get(endpoints.metricsPort(), "/metrics").body(), "istio_requests_total", "reporter=\"source\"");
    }

    @Test
    void partitionsThatMoveAreNeitherMissedNorCountedTwice() throws InterruptedException {
        List<EnvoyLog> logs = new ArrayList<>();
        for (int i = 0; i < PODS; i++) {
            logs.add(new EnvoyLog(
                    GrpcChannels.plaintext(new HostPort("127.0.0.1", endpoints.telemetryPort()))
                            .build(),
                    "pod-" + i,
                    "flotilla.outbound",
                    "reviews"));
        }
        AtomicBoolean running = new AtomicBoolean(true);
        long[] sent = {0};
        Thread traffic = Thread.ofVirtual().start(() -> {
            while (running.get()) {
                logs.forEach(log -> log.requests(1, 2));
                sent[0] += 2L * PODS;
                rest();
            }
        });
        Eventually.get(this::countedHere, counted -> counted > 0);

        long elsewhere = 0;
        for (int i = 0; i < 2; i++) {
            elsewhere += countAsAnotherMixer(100);
        }
        running.set(false);
        traffic.join();
        long there = elsewhere;

        Eventually.get(() -> countedHere() + there, total -> total >= sent[0]);
        logs.forEach(EnvoyLog::close);
        try (RequestTopic topic = new RequestTopic(broker.bootstrapServers())) {
            List<Long> written = Eventually.get(topic::fingerprints, all -> all.size() >= sent[0]);
            assertThat(written).hasSize((int) sent[0]);
        }
        assertThat(there).isGreaterThanOrEqualTo(200);
        assertThat(countedHere() + there).isEqualTo(sent[0]);
    }

    /** A member of the group that reads at least so many records, commits them and leaves; gives what it read. */
    private long countAsAnotherMixer(int atLeast) {
        long counted = 0;
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "group.id", "flotilla-mixer",
                        "enable.auto.commit", "false",
                        "auto.offset.reset", "earliest",
                        "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("flotilla.requests"), new CommitsWhatGoes(consumer));
            boolean committed = false;
            while (counted < atLeast || !committed) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    counted += RequestTopic.batch(record).getRecordsCount();
                }
                committed = commit(consumer);
            }
        }
        return counted;
    }

    /** Not while partitions move: then they are committed as they go, or after the next poll. */
    private static boolean commit(KafkaConsumer<String, byte[]> consumer) {
        try {
            consumer.commitSync();
            return true;
        } catch (RebalanceInProgressException e) {
            return false;
        }
    }

    /** What was read of a partition is committed before another member has it. */
    private record CommitsWhatGoes(KafkaConsumer<String, byte[]> consumer) implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> gone) {
            consumer.commitSync();
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> come) {}
    }

    private static void rest() {
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
}
