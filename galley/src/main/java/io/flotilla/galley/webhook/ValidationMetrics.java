package io.flotilla.galley.webhook;

import io.flotilla.service.https.Review;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the webhook counts, under the names of classic Galley (galley_validation_*). Those have no "_total", which a
 * counter would get: they are registered as gauges that only rise.
 */
@ApplicationScoped
class ValidationMetrics {
    private final MeterRegistry registry;
    private final Timer time;
    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();

    ValidationMetrics(MeterRegistry registry) {
        this.registry = registry;
        time = Timer.builder("galley.validation.time")
                .description("from the body of a review to its answer")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(registry);
        count("cert_key_updates", "times that the webhook's certificate was replaced", Tags.empty(), 0);
        count("config_updates", "times that the webhook's configuration was written", Tags.empty(), 0);
    }

    void judged(Review review, Verdict verdict, Duration took) {
        time.record(took);
        switch (verdict) {
            case Verdict.Passed passed -> {
                if (passed.unsupported()) {
                    failed(review, Verdict.Cause.UNSUPPORTED);
                }
            }
            case Verdict.Accepted accepted -> count("passed", "objects that were let in", resource(review), 1);
            case Verdict.Refused refused -> failed(review, refused.cause());
        }
    }

    private void failed(Review review, Verdict.Cause cause) {
        Tags tags = resource(review).and("reason", cause.label());
        count("failed", "objects that were kept out, and operations that are not judged", tags, 1);
    }

    void httpError(int status) {
        count("http_error", "requests that were no review", Tags.of("status", Integer.toString(status)), 1);
    }

    void certificateReplaced() {
        count("cert_key_updates", "times that the webhook's certificate was replaced", Tags.empty(), 1);
    }

    void certificateUnreadable(String error) {
        count("cert_key_update_errors", "files that are no certificate and its key", Tags.of("error", error), 1);
    }

    void configurationWritten() {
        count("config_updates", "times that the webhook's configuration was written", Tags.empty(), 1);
    }

    void configurationNotWritten(String error) {
        count("config_update_error", "times that it could not be written", Tags.of("error", error), 1);
    }

    private static Tags resource(Review review) {
        JsonObject resource = review.part("resource");
        return Tags.of(
                "group", Review.text(resource, "group"),
                "version", Review.text(resource, "version"),
                "resource", Review.text(resource, "resource"));
    }

    private void count(String name, String description, Tags tags, long by) {
        counts.computeIfAbsent(name + tags, key -> {
                    AtomicLong count = new AtomicLong();
                    Gauge.builder("galley.validation." + name, count, AtomicLong::doubleValue)
                            .description(description)
                            .tags(tags)
                            .strongReference(true)
                            .register(registry);
                    return count;
                })
                .addAndGet(by);
    }
}
