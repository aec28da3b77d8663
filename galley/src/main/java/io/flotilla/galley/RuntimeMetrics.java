package io.flotilla.galley;

import io.flotilla.galley.state.PublishListener;
import io.flotilla.galley.state.Publisher;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What classic Galley counts of its processing, under the same names. */
@ApplicationScoped
class RuntimeMetrics implements PublishListener {
    private static final String MILLISECONDS = "milliseconds";

    private final Counter changes;
    private final Counter events;
    private final Counter snapshots;
    private final DistributionSummary span;
    private final DistributionSummary lifetime;
    private final MultiGauge instances;
    private Map<String, Integer> before = Map.of();
    private long lastEvent;
    private long lastSnapshot;

    RuntimeMetrics(
            MeterRegistry registry,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String version) {
        changes = Counter.builder("galley.runtime.strategy.on.change").register(registry);
        events = Counter.builder("galley.runtime.processor.events.processed").register(registry);
        snapshots =
                Counter.builder("galley.runtime.processor.snapshots.published").register(registry);
        span = DistributionSummary.builder("galley.runtime.processor.event.span.duration")
                .baseUnit(MILLISECONDS)
                .register(registry);
        lifetime = DistributionSummary.builder("galley.runtime.processor.snapshot.lifetime.duration")
                .baseUnit(MILLISECONDS)
                .register(registry);
        instances = MultiGauge.builder("galley.runtime.state.type.instances").register(registry);
        registry.gauge("istio.build", Tags.of("component", "galley", "tag", version), 1);
    }

    @Override
    public void published(Publisher.Outcome outcome) {
        changes.increment();
        events.increment(outcome.documents().size());
        if (lastEvent > 0) {
            span.record((double) (outcome.at() - lastEvent));
        }
        lastEvent = outcome.at();
        if (!outcome.isQuiet()) {
            snapshots.increment();
            if (lastSnapshot > 0) {
                lifetime.record((double) (outcome.at() - lastSnapshot));
            }
            lastSnapshot = outcome.at();
        }
        Map<String, Integer> now = new TreeMap<>();
        outcome.held().view().types().forEach((type, set) -> now.put(type, set.size()));
        if (!now.equals(before)) {
            before = now;
            List<MultiGauge.Row<?>> rows = now.entrySet().stream()
                    .<MultiGauge.Row<?>>map(
                            entry -> MultiGauge.Row.of(Tags.of("collection", entry.getKey()), entry.getValue()))
                    .toList();
            instances.register(rows, true);
        }
    }
}
