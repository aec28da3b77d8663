package io.flotilla.mixer;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.events.v1.Reporter;
import io.flotilla.api.events.v1.RequestBatch;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.api.events.v1.SpanBatch;
import io.flotilla.fixtures.kafka.KafkaBroker;
import io.flotilla.mixer.kafka.RequestTopic;
import io.flotilla.service.GrpcChannels;
import io.flotilla.service.HostPort;
import io.flotilla.service.kafka.InOrder;
import io.grpc.Status;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** Envoys report over gRPC; what they say is on Kafka and in the metrics, each request once. */
@QuarkusTest
@QuarkusTestResource(value = BrokerResource.class, restrictToAnnotatedClass = true)
class MixerQuarkusTest {
    private static final String OUTBOUND = "flotilla.outbound";

    @SuppressWarnings("NullAway.Init") // set by BrokerResource
    KafkaBroker broker;

    @Inject
    Endpoints endpoints;

    @TestHTTPResource("/")
    @SuppressWarnings("NullAway.Init") // set by Quarkus
    URI management;

    private EnvoyLog log(String pod, String logName, String service) {
        return new EnvoyLog(
                GrpcChannels.plaintext(new HostPort("127.0.0.1", endpoints.telemetryPort()))
                        .build(),
                pod,
                logName,
                service);
    }

    private String metrics() {
        return Scrape.get(endpoints.metricsPort(), "/metrics").body();
    }

    private long counted(String sample, String service) {
        return Scrape.sum(metrics(), sample, "destination_service_name=\"" + service + "\"");
    }

    @Test
    void batchesOfAPodKeepTheirOrderFromTheFirstOn() {
        InOrder.SETTINGS.forEach((setting, value) -> assertThat(ConfigProvider.getConfig()
                        .getOptionalValue("mp.messaging.outgoing.requests-out." + setting, String.class))
                .as(setting)
                .contains(value.toString()));
    }

    @Test
    void everyRequestIsOnKafkaAndInTheMetricsOnce() {
        int perLog = 3_000;
        try (EnvoyLog one = log("productpage-0", OUTBOUND, "reviews");
                EnvoyLog two = log("productpage-1", OUTBOUND, "reviews");
                EnvoyLog again = log("productpage-1", OUTBOUND, "reviews")) {
            for (EnvoyLog log : List.of(one, two, again)) {
                log.requests(perLog / 30, 30);
            }
            Eventually.get(() -> counted("istio_requests_total", "reviews"), total -> total >= 3L * perLog);
        }

        try (RequestTopic topic = new RequestTopic(broker.bootstrapServers())) {
            // Pods lie in partitions of their own, and one poll brings some of one of them.
            Eventually.get(() -> topic.recordsOf("default/productpage-0").size(), size -> size >= perLog);
            Eventually.get(() -> topic.recordsOf("default/productpage-1").size(), size -> size >= 2 * perLog);
            assertThat(topic.recordsOf("default/productpage-0")).hasSize(perLog);
            assertThat(topic.recordsOf("default/productpage-1")).hasSize(2 * perLog);
            assertThat(topic.recordsOf("default/productpage-0"))
                    .allMatch(record -> record.getReporter() == Reporter.SOURCE)
                    .extracting(RequestRecord::getFingerprint)
                    .doesNotHaveDuplicates();
            for (ConsumerRecord<String, byte[]> record : topic.all()) {
                RequestBatch batch = RequestTopic.batch(record);
                assertThat(record.value().length).isLessThanOrEqualTo(64 * 1024);
                assertThat(batch.getPod()).isEqualTo(record.key());
                assertThat(batch.getDropped()).isZero();
            }
        }
        assertThat(counted("istio_requests_total", "reviews")).isEqualTo(3L * perLog);
        assertThat(counted("istio_request_duration_milliseconds_count", "reviews"))
                .isEqualTo(3L * perLog);
        assertThat(counted("istio_request_duration_seconds_count", "reviews")).isEqualTo(3L * perLog);
        assertThat(counted("istio_request_bytes_sum", "reviews")).isEqualTo(3L * perLog * 120);
        assertThat(counted("istio_response_bytes_sum", "reviews")).isEqualTo(3L * perLog * 400);
    }

    @Test
    void namesWhoCalledAndWhatWasCalled() {
        try (EnvoyLog log = log("productpage-0", OUTBOUND, "details")) {
            log.requests(1, 1);
            Eventually.get(() -> counted("istio_requests_total", "details"), total -> total == 1);
        }

        assertThat(metrics()
                        .lines()
                        .filter(line -> line.startsWith("istio_requests_total{"))
                        .filter(line -> line.contains("destination_service_name=\"details\"")))
                .singleElement()
                .asString()
                .contains(
                        "reporter=\"source\"",
                        "source_workload=\"productpage-v1\"",
                        "source_app=\"productpage\"",
                        "destination_service=\"details.default.svc.cluster.local\"",
                        "destination_workload=\"unknown\"",
                        "response_code=\"200\"",
                        "connection_security_policy=\"unknown\"");
    }

    @Test
    void connectionsAreCountedWithTheirBytes() {
        try (EnvoyLog log = log("productpage-0", OUTBOUND, "mongodb")) {
            log.connection(100, 2_000);
            log.connection(11, 3);
            Eventually.get(() -> counted("istio_tcp_connections_closed_total", "mongodb"), total -> total >= 2);
        }

        assertThat(counted("istio_tcp_connections_opened_total", "mongodb")).isEqualTo(2);
        assertThat(counted("istio_tcp_received_bytes_total", "mongodb")).isEqualTo(111);
        assertThat(counted("istio_tcp_sent_bytes_total", "mongodb")).isEqualTo(2_003);
    }

    @Test
    void aLogOfSomebodyElseIsRefused() {
        try (EnvoyLog log = log("productpage-0", "my-own-log", "reviews")) {
            assertThat(log.ended())
                    .succeedsWithin(Eventually.PATIENCE)
                    .extracting(Status::getCode)
                    .isEqualTo(Status.Code.PERMISSION_DENIED);
        }
    }

    @Test
    void spansGoToKafkaByTrace() {
        int port = endpoints.zipkinPort();
        String spans = """
                [{"traceId":"463ac35c9f6413ad","id":"00000000000000a1","name":"one"},
                 {"traceId":"48485a3953bb61246b221d5bc9e6496c","id":"00000000000000a2"},
                 {"traceId":"463ac35c9f6413ad","id":"00000000000000a3","parentId":"00000000000000a1"}]
                """;
        assertThat(Scrape.post(port, "/api/v2/spans", spans).statusCode()).isEqualTo(202);
        assertThat(Scrape.post(port, "/api/v2/spans", "[{\"traceId\":\"x\"}]").statusCode())
                .isEqualTo(400);
        assertThat(Scrape.post(port, "/api/v2/spans", "nothing").statusCode()).isEqualTo(400);
        assertThat(Scrape.post(port, "/elsewhere", spans).statusCode()).isEqualTo(404);

        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "auto.offset.reset", "earliest",
                        "group.id", "spans-of-test"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("flotilla.spans"));
            Map<String, Integer> sizes = new java.util.TreeMap<>();
            Eventually.get(
                    () -> {
                        consumer.poll(Duration.ofMillis(100))
                                .forEach(record -> sizes.put(record.key(), spansIn(record.value())));
                        return sizes;
                    },
                    seen -> seen.size() == 2);
            assertThat(sizes).containsEntry("463ac35c9f6413ad", 2).containsEntry("48485a3953bb61246b221d5bc9e6496c", 1);
        }
    }

    private static int spansIn(byte[] value) {
        try {
            return new io.vertx.core.json.JsonArray(
                            SpanBatch.parseFrom(value).getZipkinJson().toStringUtf8())
                    .size();
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void isReadyAndTellsTheLedger() {
        int port = management.getPort();
        Eventually.get(
                () -> new JsonObject(Scrape.get(port, "/debug/ledger").body()),
                ledger -> ledger.getString("kafka").equals("there"));

        assertThat(Scrape.get(port, "/health/ready").statusCode()).isEqualTo(200);
        assertThat(Scrape.get(port, "/health/live").statusCode()).isEqualTo(200);
        assertThat(Scrape.get(port, "/metrics").body())
                .contains("flotilla_mixer_records_written_total", "istio_build{component=\"mixer\"");
        JsonObject ledger = new JsonObject(Scrape.get(port, "/debug/ledger").body());
        assertThat(Stream.of("streams", "records", "aggregated", "spans").map(ledger::getJsonObject))
                .doesNotContainNull();
        assertThat(ledger.getJsonObject("records").getLong("dropped")).isZero();
    }
}
