package io.flotilla.mixer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.Reporter;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.fixtures.base.FreePort;
import io.flotilla.fixtures.envoy.EnvoyRun;
import io.flotilla.fixtures.kafka.KafkaBroker;
import io.flotilla.mixer.kafka.RequestTopic;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a real Envoy says is understood, and counts equal what the client did. */
@QuarkusTest
@QuarkusTestResource(value = BrokerResource.class, restrictToAnnotatedClass = true)
class EnvoyQuarkusTest {
    private static final String POD = "default/envoy-0";
    private static final int REQUESTS = 1_000;

    @SuppressWarnings("NullAway.Init") // set by BrokerResource
    KafkaBroker broker;

    @Inject
    Endpoints endpoints;

    private final int outbound = FreePort.next();
    private final int tcp = FreePort.next();

    private long counted(String sample, String labels) {
        return Scrape.sum(Scrape.get(endpoints.metricsPort(), "/metrics").body(), sample, labels);
    }

    @Test
    void bothSidesOfACallAndItsConnectionsAreCountedOnce() throws IOException {
        try (EnvoyRun envoy = RealEnvoy.start(
                Path.of("src/test/resources/envoy/two-sides.yaml"),
                Map.of(
                        "OUTBOUND",
                        outbound,
                        "INBOUND",
                        FreePort.next(),
                        "TCP",
                        tcp,
                        "MIXER",
                        endpoints.telemetryPort()),
                Path.of("target", "envoy").toAbsolutePath())) {
            Eventually.get(() -> listens(tcp), listening -> listening || !envoy.isRunning());
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(Scrape.get(outbound, i % 10 == 0 ? "/missing?q=" + i : "/reviews/" + i)
                                .statusCode())
                        .isEqualTo(i % 10 == 0 ? 404 : 200);
            }
            int answered = talk(tcp, "GET /tcp HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            Eventually.get(
                    () -> counted("istio_requests_total", "reporter=\"destination\""), total -> total >= REQUESTS + 1);
            Eventually.get(() -> counted("istio_requests_total", "reporter=\"source\""), total -> total >= REQUESTS);
            String mongo = "destination_service_name=\"mongodb\"";
            Eventually.get(() -> counted("istio_tcp_sent_bytes_total", mongo), sent -> sent >= answered);
            // The one that talks, and the one that found the port open.
            Eventually.get(() -> counted("istio_tcp_connections_closed_total", mongo), closed -> closed >= 2);
            assertThat(counted("istio_tcp_connections_opened_total", mongo)).isEqualTo(2);
            assertThat(counted("istio_tcp_connections_closed_total", mongo)).isEqualTo(2);
            assertThat(counted("istio_tcp_sent_bytes_total", mongo)).isEqualTo(answered);
        }
        assertThat(counted("istio_requests_total", "reporter=\"source\"")).isEqualTo(REQUESTS);
        assertThat(counted("istio_requests_total", "reporter=\"destination\"")).isEqualTo(REQUESTS + 1);
        assertThat(counted("istio_requests_total", "response_code=\"404\"")).isEqualTo(2L * REQUESTS / 10);
        // What Telemetry changes on the server's side, and nothing on the client's.
        assertThat(counted("istio_requests_total", "method=\"GET\",none=\"unknown\""))
                .isEqualTo(REQUESTS + 1);
        assertThat(counted("istio_request_duration_seconds_count", "method=")).isZero();
        assertThat(counted("istio_request_duration_seconds_count", "reporter=\"destination\""))
                .isEqualTo(REQUESTS + 1);
        assertThat(counted("istio_request_bytes_count", "reporter=\"destination\""))
                .isZero();
        assertThat(counted("istio_request_bytes_count", "reporter=\"source\"")).isEqualTo(REQUESTS);
        assertThat(counted("istio_requests_total", "source_app=")).isEqualTo(REQUESTS);
        try (RequestTopic topic = new RequestTopic(broker.bootstrapServers())) {
            List<RequestRecord> records = Eventually.get(
                    () -> topic.recordsOf(POD).stream()
                            .filter(record -> record.getType() == RecordType.HTTP)
                            .toList(),
                    all -> all.size() >= 2 * REQUESTS + 1);
            assertThat(records).hasSize(2 * REQUESTS + 1).allSatisfy(EnvoyQuarkusTest::isWhole);
            assertThat(streamIds(records, Reporter.DESTINATION)).containsAll(streamIds(records, Reporter.SOURCE));
        }
    }

    private static void isWhole(RequestRecord record) {
        assertThat(Durations.toNanos(record.getDuration())).isPositive();
        assertThat(record.getStart().getSeconds()).isPositive();
        assertThat(record.getRequestBytes()).isPositive();
        assertThat(record.getResponseBytes()).isGreaterThan(7);
        assertThat(record.getHttp().getMethod()).isEqualTo("GET");
        assertThat(record.getHttp().getVersion()).isEqualTo("HTTP/1.1");
        assertThat(record.getHttp().getPath()).startsWith("/").doesNotContain("?");
        assertThat(record.getSource().getAddress()).startsWith("127.0.0.1:");
        assertThat(record.getStreamId()).isNotEmpty();
    }

    private static Set<String> streamIds(List<RequestRecord> records, Reporter reporter) {
        return records.stream()
                .filter(record -> record.getReporter() == reporter)
                .map(RequestRecord::getStreamId)
                .collect(Collectors.toSet());
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Bytes that came back. */
    private static int talk(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().readAllBytes().length;
        }
    }
}
