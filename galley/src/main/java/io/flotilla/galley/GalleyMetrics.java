package io.flotilla.galley;

import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.galley.source.Source;
import io.flotilla.galley.state.Held;
import io.flotilla.galley.state.Publisher;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What Galley counts. */
final class GalleyMetrics {
    private final Counter changed;
    private final Counter removed;
    private final Counter refused;
    private final Timer applied;

    GalleyMetrics(MeterRegistry registry, Supplier<@Nullable Held> held, Supplier<List<Source>> sources) {
        changed = Counter.builder("galley.objects.published")
                .description("objects published because they are new or differ")
                .register(registry);
        removed = Counter.builder("galley.objects.removed")
                .description("objects taken back")
                .register(registry);
        refused = Counter.builder("galley.source.failed")
                .description("errors found in files that changed")
                .register(registry);
        applied = Timer.builder("galley.apply")
                .description("from the text of changed files to the published view")
                .register(registry);
        Gauge.builder("galley.objects", () -> size(held.get())).register(registry);
        Gauge.builder("galley.documents", () -> documents(held.get())).register(registry);
        sources.get()
                .forEach(source -> Gauge.builder(
                                "galley.source.stale",
                                () -> source.status().staleFor(Instant.now()).toSeconds())
                        .description("how long changes of a source may have been missed")
                        .baseUnit("seconds")
                        .tag("source", source.name().text())
                        .register(registry));
        Gauge.builder("galley.problems", () -> problems(held.get())).register(registry);
    }

    void published(Publisher.Outcome outcome, Duration took) {
        changed.increment(outcome.changed().size());
        removed.increment(outcome.removed().size());
        refused.increment((double) outcome.diagnostics().stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .count());
        applied.record(took);
    }

    private static int size(@Nullable Held held) {
        return held == null ? 0 : held.mesh().published().size();
    }

    private static int documents(@Nullable Held held) {
        return held == null ? 0 : held.documents().size();
    }

    private static int problems(@Nullable Held held) {
        return held == null
                ? 0
                : Math.toIntExact(held.store().diagnostics().stream()
                        .filter(problem -> problem.severity() == Severity.ERROR)
                        .count());
    }
}
