package io.flotilla.injector;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** What the injector counts, under Istio's names (sidecar_injection_*). */
@ApplicationScoped
class InjectionMetrics {
    private final Counter requests;
    private final Counter injected;
    private final Counter skipped;
    private final Counter failed;
    private final Timer time;

    InjectionMetrics(MeterRegistry registry) {
        requests = counter(registry, "sidecar.injection.requests", "admission reviews that came in");
        injected = counter(registry, "sidecar.injection.success", "pods that got a sidecar");
        skipped = counter(registry, "sidecar.injection.skip", "pods that stayed as they were");
        failed = counter(
                registry, "sidecar.injection.failure", "pods that were refused, and requests that are no review");
        time = Timer.builder("sidecar.injection.time")
                .description("from the body of a review to its answer")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(registry);
    }

    void answered(AdmissionReview.Outcome outcome, Duration took) {
        requests.increment();
        switch (outcome) {
            case INJECTED -> injected.increment();
            case SKIPPED -> skipped.increment();
            case REFUSED -> failed.increment();
        }
        time.record(took);
    }

    void unreadable() {
        requests.increment();
        failed.increment();
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}
