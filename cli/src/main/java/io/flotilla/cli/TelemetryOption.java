package io.flotilla.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.api.events.v1.RequestBatch;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.mesh.state.MeshPort;
import io.flotilla.mesh.state.MeshSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which of what is recorded on Kafka a command looks at: a topic, from a time on. */
final class TelemetryOption {
    private static final int PATIENCE_MILLIS = 5_000;
    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(500);

    @Mixin
    private MeshOption mesh;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "How far back: 30s, 10m, 1h or 3d (default: ${DEFAULT-VALUE}).")
    private String since;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Kafka that has the records (default: that of the local mesh).")
    private String kafka;

    @Option(
            names = "--limit",
            defaultValue = "5000000",
            description = "Most records that are looked at, the oldest first (default: ${DEFAULT-VALUE}).")
    private long limit;

    /**
     * What was looked at.
     *
     * @param records all of them
     * @param cut     there were more
     */
    record Looked(long records, boolean cut) {}

    /**
     * What is recorded.
     *
     * @param name of the topic
     * @param what it is, in words
     * @param read what one message has; nothing where somebody else wrote it
     */
    record Topic<T>(String name, String what, Function<byte[], List<T>> read) {
        static final Topic<RequestRecord> REQUESTS = new Topic<>(
                "flotilla.requests",
                "telemetry",
                value -> parsed(RequestBatch.parser(), value)
                        .map(RequestBatch::getRecordsList)
                        .orElse(List.of()));

        static final Topic<AuditEvent> AUDIT = new Topic<>(
                "flotilla.audit",
                "audit",
                value -> parsed(AuditEvent.parser(), value).stream().toList());

        private static <M> Optional<M> parsed(Parser<M> parser, byte[] value) {
            try {
                return Optional.of(parser.parseFrom(value));
            } catch (InvalidProtocolBufferException e) {
                return Optional.empty();
            }
        }
    }

    MeshOption mesh() {
        return mesh;
    }

    Instant since() {
        return Instant.now().minus(Times.parse("--since", since));
    }

    /** Gives every record since then, partition after partition in order; ends the command where none can be read. */
    <T> Looked read(Topic<T> topic, Instant from, Consumer<T> taking) {
        String servers = servers();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", servers,
                        "enable.auto.commit", false,
                        "allow.auto.create.topics", false,
                        "request.timeout.ms", PATIENCE_MILLIS,
                        "default.api.timeout.ms", PATIENCE_MILLIS),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            return read(consumer, topic, from, taking, servers);
        } catch (KafkaException e) {
            // Of a name that does not resolve only the cause tells.
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw CommandFailure.couldNotRun("no " + topic.what() + " can be read from Kafka at " + servers + ": "
                    + why.getMessage() + "; is it there? (--kafka HOST:PORT asks another one)");
        }
    }

    private String servers() {
        if (kafka != null) {
            return kafka;
        }
        MeshSpec spec = mesh.spec();
        return spec.ownKafka() ? "127.0.0.1:" + spec.port(MeshPort.KAFKA) : spec.kafka();
    }

    private <T> Looked read(
            KafkaConsumer<String, byte[]> consumer, Topic<T> topic, Instant from, Consumer<T> taking, String servers) {
        List<PartitionInfo> found = consumer.partitionsFor(topic.name());
        List<TopicPartition> partitions = (found == null ? List.<PartitionInfo>of() : found)
                .stream()
                        .map(info -> new TopicPartition(topic.name(), info.partition()))
                        .toList();
        if (partitions.isEmpty()) {
            throw CommandFailure.couldNotRun("Kafka at " + servers + " has no topic " + topic.name()
                    + ": nobody has written " + topic.what() + " there");
        }
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(
                partitions.stream().collect(Collectors.toMap(partition -> partition, any -> from.toEpochMilli())));
        partitions.forEach(partition -> {
            OffsetAndTimestamp start = starts.get(partition);
            consumer.seek(partition, start == null ? ends.getOrDefault(partition, 0L) : start.offset());
        });
        return read(consumer, topic, ends, taking);
    }

    private <T> Looked read(
            KafkaConsumer<String, byte[]> consumer,
            Topic<T> topic,
            Map<TopicPartition, Long> ends,
            Consumer<T> taking) {
        long records = 0;
        long quietSince = System.nanoTime();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<String, byte[]> each : consumer.poll(POLL)) {
                quietSince = System.nanoTime();
                if (each.offset() >= ends.getOrDefault(new TopicPartition(each.topic(), each.partition()), 0L)) {
                    continue;
                }
                for (T record : topic.read().apply(each.value())) {
                    if (records >= limit) {
                        return new Looked(records, true);
                    }
                    records++;
                    taking.accept(record);
                }
            }
            if (System.nanoTime() - quietSince > SILENCE.toNanos()) {
                throw new KafkaException("nothing came for " + SILENCE.toSeconds() + " s");
            }
        }
        return new Looked(records, false);
    }
}
