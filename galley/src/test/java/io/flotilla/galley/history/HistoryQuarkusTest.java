package io.flotilla.galley.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.api.events.v1.ConfigChange;
import io.flotilla.fixtures.kafka.KafkaBroker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** Galley with a real broker, which goes away and returns. */
@QuarkusTest
@TestProfile(HistoryQuarkusTest.Profile.class)
@QuarkusTestResource(value = HistoryQuarkusTest.Broker.class, restrictToAnnotatedClass = true)
class HistoryQuarkusTest {
    private static final Path FOLDER =
            Path.of("target", "history-" + UUID.randomUUID()).toAbsolutePath();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long PAUSE = Duration.ofMillis(100).toNanos();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "flotilla.config-dir",
                    FOLDER.resolve("config").toString(),
                    "flotilla.state-dir",
                    FOLDER.resolve("state").toString(),
                    "flotilla.port",
                    "-1",
                    "quarkus.http.test-port",
                    "0");
        }
    }

    public static class Broker implements QuarkusTestResourceLifecycleManager {
        private final KafkaBroker broker = new KafkaBroker(FOLDER.resolve("kafka"));

        @Override
        public Map<String, String> start() {
            try {
                Files.createDirectories(FOLDER.resolve("config"));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            broker.start();
            return Map.of("kafka.bootstrap.servers", broker.bootstrapServers());
        }

        @Override
        public void inject(TestInjector injector) {
            injector.injectIntoFields(broker, new TestInjector.MatchesType(KafkaBroker.class));
        }

        @Override
        public void stop() {
            broker.close();
        }
    }

    @SuppressWarnings("NullAway.Init") // by the resource
    KafkaBroker broker;

    @SuppressWarnings("NullAway.Init") // by Quarkus
    @TestHTTPResource
    URI management;

    private static void write(String name, int timeout) throws IOException {
        Path file = Files.writeString(FOLDER.resolve(name + ".tmp"), """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %s}
                spec: {hosts: [%s], http: [{timeout: %ds, route: [{destination: {host: a}}]}]}
                """.formatted(name, name, timeout));
        Files.move(file, FOLDER.resolve("config").resolve(name + ".yaml"));
    }

    @Test
    void anOutageLeavesNoHoleAndDoesNotDisturb() throws Exception {
        for (int i = 0; i < 5; i++) {
            write("before-" + i, 1);
        }
        await("flotilla.config-log", log -> log.size() >= 5);
        broker.kill();
        for (int i = 0; i < 20; i++) {
            write("during-" + i, 1);
        }
        Files.delete(FOLDER.resolve("config/before-0.yaml"));
        // Accepted and served though Kafka is away.
        awaitBody("/debug/config", "during-19");
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        awaitBody("/metrics", "galley_history_away 1.0");
        broker.start();
        write("after", 1);
        List<String> names =
                names(await("flotilla.config-log", log -> names(log).contains("after")));
        assertThat(names).contains("before-0 gone");
        for (int i = 0; i < 20; i++) {
            assertThat(names).contains("during-" + i);
        }
        assertThat(names.indexOf("before-0")).isLessThan(names.indexOf("before-0 gone"));
        assertThat(names.indexOf("after")).isEqualTo(names.size() - 1);
        // One topic may have what another has not yet: each is waited for.
        await(
                "flotilla.config",
                objects -> objects.stream()
                        .filter(each -> each.key().equals("VirtualService/default/before-0"))
                        .reduce((earlier, later) -> later)
                        .filter(last -> last.value() == null)
                        .isPresent());
        await("flotilla.audit", events -> events.size() >= 27);
    }

    /** So that the next run knows what is no change. */
    @Test
    void whatIsHeldIsKept() throws Exception {
        write("kept", 1);
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!isKept()) {
            assertThat(System.nanoTime()).as("a snapshot in time").isLessThan(end);
            LockSupport.parkNanos(PAUSE);
        }
    }

    private static boolean isKept() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve("state"))) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("snapshot-"));
        }
    }

    /** The names of what changed, in the order of the log. */
    private static List<String> names(List<ConsumerRecord<String, byte[]>> log) {
        List<String> names = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : log) {
            try {
                ConfigChange change = ConfigChange.parseFrom(record.value());
                names.add(change.getName() + (change.hasObject() ? "" : " gone"));
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }
        return names;
    }

    /** What is in a topic, once it is as wanted. */
    private List<ConsumerRecord<String, byte[]>> await(
            String topic, Predicate<List<ConsumerRecord<String, byte[]>>> wanted) {
        List<ConsumerRecord<String, byte[]>> seen = records(topic);
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!wanted.test(seen)) {
            if (System.nanoTime() > end) {
                throw new AssertionError(topic + " has " + seen);
            }
            LockSupport.parkNanos(PAUSE);
            seen = records(topic);
        }
        return seen;
    }

    private List<ConsumerRecord<String, byte[]>> records(String topic) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            var infos = consumer.partitionsFor(topic, LIMIT);
            if (infos == null || infos.isEmpty()) {
                return List.of();
            }
            List<TopicPartition> partitions = infos.stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, byte[]>> all = new ArrayList<>();
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(all::add);
            }
            return all;
        }
    }

    private void awaitBody(String path, String text) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!get(path).body().contains(text)) {
            if (System.nanoTime() > end) {
                throw new AssertionError(path + " does not say " + text);
            }
            LockSupport.parkNanos(PAUSE);
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(management.resolve(path)).timeout(LIMIT).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
