package io.flotilla.mixer;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.fixtures.kafka.KafkaBroker;
import io.flotilla.mixer.kafka.RequestTopic;
import io.flotilla.service.GrpcChannels;
import io.flotilla.service.HostPort;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** Mixer starts without Kafka, and outlives it. */
@QuarkusTest
@QuarkusTestResource(
        value = BrokerResource.class,
        initArgs = @ResourceArg(name = "running", value = "false"),
        restrictToAnnotatedClass = true)
class KafkaAwayQuarkusTest {
    @SuppressWarnings("NullAway.Init") // set by BrokerResource
    KafkaBroker broker;

    @Inject
    Endpoints endpoints;

    @TestHTTPResource("/")
    @SuppressWarnings("NullAway.Init") // set by Quarkus
    URI management;

    private JsonObject ledger() {
        return new JsonObject(Scrape.get(management.getPort(), "/debug/ledger").body());
    }

    private long records(String what) {
        return ledger().getJsonObject("records").getLong(what);
    }

    private long counted() {
        return Scrape.sum(
                Scrape.get(endpoints.metricsPort(), "/metrics").body(), "istio_requests_total", "reporter=\"source\"");
    }

    @Test
    void whatIsToldMeanwhileIsWrittenAndCountedOnceWhenKafkaIsThere() {
        try (EnvoyLog log = new EnvoyLog(
                GrpcChannels.plaintext(new HostPort("127.0.0.1", endpoints.telemetryPort()))
                        .build(),
                "productpage-0",
                "flotilla.outbound",
                "reviews")) {
            log.requests(10, 100);
            Eventually.get(() -> records("accepted"), accepted -> accepted == 1_000);
            assertThat(ledger().getString("kafka")).isEqualTo("away");
            assertThat(Scrape.get(management.getPort(), "/health/ready").statusCode())
                    .isEqualTo(200);

            broker.start();
            Eventually.get(this::counted, counted -> counted == 1_000);
            Eventually.get(() -> ledger().getString("kafka"), "there"::equals);

            broker.kill();
            log.requests(10, 100);
            Eventually.get(() -> records("accepted"), accepted -> accepted == 2_000);
            broker.start();
            Eventually.get(this::counted, counted -> counted >= 2_000);
            Eventually.get(() -> records("queuedBatches"), queued -> queued == 0);
        }
        try (RequestTopic topic = new RequestTopic(broker.bootstrapServers())) {
            Eventually.get(
                    () -> topic.recordsOf("default/productpage-0").stream()
                            .map(record -> record.getFingerprint())
                            .distinct()
                            .count(),
                    distinct -> distinct == 2_000);
        }
        assertThat(counted()).isEqualTo(2_000);
        assertThat(records("dropped")).isZero();
    }
}
