package io.flotilla.cli;

import io.flotilla.api.events.v1.RequestBatch;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.mesh.state.MeshPort;
import io.flotilla.mesh.state.MeshSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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

/** Which recorded telemetry a command looks at: flotilla.requests on Kafka, from a time on. */
final class TelemetryOption {
    private static final String TOPIC = "flotilla.requests";
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
            description = "Kafka that has the telemetry (default: that of the local mesh).")
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

    MeshOption mesh() {
        return mesh;
    }

    Instant since() {
        return Instant.now().minus(Times.parse("--since", since));
    }

    /** Gives every record since then, partition after partition in order; ends the command where none can be read. */
    Looked read(Instant from, Consumer<RequestRecord> taking) {
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
            return read(consumer, from, taking, servers);
        } catch (KafkaException e) {
            // Of a name that does not resolve only the cause tells.
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw CommandFailure.couldNotRun("no telemetry can be read from Kafka at " + servers + ": "
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

    private Looked read(
            KafkaConsumer<String, byte[]> consumer, Instant from, Consumer<RequestRecord> taking, String servers) {
        List<PartitionInfo> found = consumer.partitionsFor(TOPIC);
        List<TopicPartition> partitions = (found == null ? List.<PartitionInfo>of() : found)
                .stream()
                        .map(info -> new TopicPartition(TOPIC, info.partition()))
                        .toList();
        if (partitions.isEmpty()) {
            throw CommandFailure.couldNotRun(
                    "Kafka at " + servers + " has no topic " + TOPIC + ": no Mixer has written telemetry there");
        }
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(
                partitions.stream().collect(Collectors.toMap(partition -> partition, any -> from.toEpochMilli())));
        partitions.forEach(partition -> {
            OffsetAndTimestamp start = starts.get(partition);
            consumer.seek(partition, start == null ? ends.getOrDefault(partition, 0L) : start.offset());
        });
        return read(consumer, ends, taking);
    }

    private Looked read(
            KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends, Consumer<RequestRecord> taking) {
        long records = 0;
        long quietSince = System.nanoTime();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<String, byte[]> each : consumer.poll(POLL)) {
                quietSince = System.nanoTime();
                if (each.offset() >= ends.getOrDefault(new TopicPartition(each.topic(), each.partition()), 0L)) {
                    continue;
                }
                for (RequestRecord record : batch(each).getRecordsList()) {
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

    private static RequestBatch batch(ConsumerRecord<String, byte[]> record) {
        try {
            return RequestBatch.parseFrom(record.value());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            // Whatever somebody wrote there is no telemetry.
            return RequestBatch.getDefaultInstance();
        }
    }
}
