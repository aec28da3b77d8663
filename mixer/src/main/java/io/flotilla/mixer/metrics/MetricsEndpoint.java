package io.flotilla.mixer.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** GET /metrics: the standard metrics, in Prometheus' text format or OpenMetrics, as the scraper asks. */
@ApplicationScoped
public class MetricsEndpoint {
    private final Vertx vertx;
    private final RequestAggregator aggregator;
    private final ExpositionFormatWriter text = PrometheusTextFormatWriter.builder()
            .setIncludeCreatedTimestamps(false)
            .build();
    private final ExpositionFormatWriter open = OpenMetricsTextFormatWriter.builder()
            .setCreatedTimestampsEnabled(false)
            .build();
    private @Nullable HttpServer server;

    MetricsEndpoint(Vertx vertx, RequestAggregator aggregator) {
        this.vertx = vertx;
        this.aggregator = aggregator;
    }

    /** Listens; gives the port. */
    public int start(String bind, int port) {
        HttpServer started = vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(port, bind)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        server = started;
        return started.actualPort();
    }

    public void stop() {
        if (server != null) {
            server.close();
        }
    }

    private void answer(HttpServerRequest request) {
        if (!request.path().equals("/metrics") || !request.method().equals(HttpMethod.GET)) {
            request.response().setStatusCode(404).end();
            return;
        }
        String accept = request.getHeader("Accept");
        ExpositionFormatWriter writer = open.accepts(accept) ? open : text;
        vertx.executeBlocking(() -> write(writer), false)
                .onSuccess(body -> request.response()
                        .putHeader("Content-Type", writer.getContentType())
                        .end(body))
                .onFailure(problem -> request.response().setStatusCode(500).end(String.valueOf(problem)));
    }

    private Buffer write(ExpositionFormatWriter writer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.write(bytes, Exposition.of(aggregator.http(), aggregator.tcp()));
        return Buffer.buffer(bytes.toByteArray());
    }
}
