package io.flotilla.galley.analysis;

import io.flotilla.config.analysis.AnalysisInput;
import io.flotilla.config.analysis.Analyzer;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.SnapshotBuilder;
import io.flotilla.galley.state.Held;
import io.flotilla.galley.state.PublishListener;
import io.flotilla.galley.state.Publisher;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Analyses what is held after changes, beside everything else: publishing never waits for it, and while it works changes
 * gather, so that under churn it looks at the newest state only.
 */
@ApplicationScoped
class LiveAnalysis implements PublishListener {
    private static final System.Logger LOG = System.getLogger(LiveAnalysis.class.getName());
    private static final long QUIET_MILLIS = 2_000;
    private static final long AT_MOST_MILLIS = 10_000;

    private final Event<Findings> told;
    private final String domainSuffix;
    private final String rootNamespace;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Findings findings = Findings.NONE;
    private @Nullable Held newest;
    private @Nullable Thread thread;
    // Of the analysing thread alone.
    private long rested = System.nanoTime();
    private final Allowance allowance = new Allowance(rested);

    LiveAnalysis(
            Event<Findings> told,
            MeterRegistry metrics,
            @ConfigProperty(name = "flotilla.domain-suffix", defaultValue = "cluster.local") String domainSuffix,
            @ConfigProperty(name = "flotilla.namespace", defaultValue = "istio-system") String rootNamespace) {
        this.told = told;
        this.domainSuffix = domainSuffix;
        this.rootNamespace = rootNamespace;
        for (Severity severity : Severity.values()) {
            Gauge.builder("galley.analysis.findings", this, each -> each.count(severity))
                    .tag("severity", severity.name().toLowerCase(Locale.ROOT))
                    .register(metrics);
        }
    }

    private double count(Severity severity) {
        return findings.all().stream()
                .filter(found -> found.severity() == severity)
                .count();
    }

    @Override
    public void published(Publisher.Outcome outcome) {
        if (outcome.isQuiet() || !outcome.held().servable()) {
            return;
        }
        lock.lock();
        try {
            newest = outcome.held();
            changed.signal();
            if (thread == null) {
                thread = Thread.ofPlatform().daemon().name("analysis").start(this::run);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What was found last. */
    Findings findings() {
        return findings;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Held held = next();
                long start = System.nanoTime();
                analyse(held);
                rested = allowance.spent(start, System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What is held once nothing more came for a moment, or, while more and more comes, after a while; and not before
     * more may be spent on it.
     */
    private Held next() throws InterruptedException {
        lock.lock();
        try {
            while (newest == null) {
                changed.await();
            }
            long latest = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(AT_MOST_MILLIS);
            while (rested - System.nanoTime() > 0) {
                changed.awaitNanos(rested - System.nanoTime());
            }
            boolean more = true;
            while (more && System.nanoTime() < latest) {
                more = changed.await(QUIET_MILLIS, TimeUnit.MILLISECONDS);
            }
            Held taken = Objects.requireNonNull(newest, "only this thread takes it away");
            newest = null;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void analyse(Held held) {
        try {
            MeshSettings settings = MeshSettings.defaults().in(domainSuffix, rootNamespace);
            AnalysisInput input = AnalysisInput.live(
                    held.store().objects(),
                    SnapshotBuilder.build(settings, held.mesh().published()));
            findings = new Findings(held.view().generation().toString(), Analyzer.analyze(input));
            told.fire(findings);
        } catch (RuntimeException e) {
            // A mistake of a check must cost the findings of this moment, and nothing else.
            LOG.log(System.Logger.Level.WARNING, "analysis failed", e);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        Thread worker = thread;
        if (worker != null) {
            worker.interrupt();
        }
    }
}
