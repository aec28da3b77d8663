package io.flotilla.galley.analysis;

import io.flotilla.config.analysis.AnalysisInput;
import io.flotilla.config.analysis.Prospect;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.SnapshotBuilder;
import io.flotilla.galley.state.Held;
import io.flotilla.galley.state.PublishListener;
import io.flotilla.galley.state.Publisher;
import io.flotilla.galley.webhook.MeshCheck;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * What analysis across objects would find of an object that is about to come in, as warnings for whoever sends it. Never
 * a refusal: objects that belong together come in any order. What is not found in time is left out, and what stands in
 * the status of the object later is the last word.
 */
@ApplicationScoped
class AdmissionAnalysis implements MeshCheck, PublishListener {
    private static final Duration BUDGET = Duration.ofMillis(100);
    /** A mesh that is dear to look at anew may be that old; what this replica let in since is known all the same. */
    private static final long STALE_NANOS = Duration.ofSeconds(2).toNanos();

    private final MeshSettings settings;
    private final BoundedWork work = new BoundedWork("admission-analysis", BUDGET);
    private final RecentObjects recent = new RecentObjects();
    private volatile @Nullable Held newest;
    // Only on the thread that works.
    private @Nullable Held looked;
    private @Nullable Prospect prospect;
    private long since;
    private long cost;

    AdmissionAnalysis(
            @ConfigProperty(name = "flotilla.domain-suffix", defaultValue = "cluster.local") String domainSuffix,
            @ConfigProperty(name = "flotilla.namespace", defaultValue = "istio-system") String rootNamespace) {
        this.settings = MeshSettings.defaults().in(domainSuffix, rootNamespace);
    }

    @Override
    public void published(Publisher.Outcome outcome) {
        newest = outcome.held();
    }

    @Override
    public List<Diagnostic> check(Config<?> object) {
        Held held = newest;
        if (held == null || !held.complete()) {
            // Most of what is missing now was only not read yet.
            return List.of();
        }
        List<Config<?>> coming = recent.others(object, System.nanoTime());
        List<Diagnostic> found = work.within((tell, more) -> look(held, object, coming, tell, more));
        return found.stream().map(AdmissionAnalysis::warning).toList();
    }

    @SuppressWarnings("ReferenceEquality") // the very same state, or another
    private void look(
            Held held, Config<?> object, List<Config<?>> coming, Consumer<Diagnostic> tell, BooleanSupplier more) {
        Prospect mesh = prospect;
        if (mesh == null || (looked != held && System.nanoTime() - since > age())) {
            long begin = System.nanoTime();
            AnalysisInput input = AnalysisInput.live(
                    held.store().objects(),
                    SnapshotBuilder.build(settings, held.mesh().published()));
            mesh = Prospect.of(input);
            prospect = mesh;
            looked = held;
            since = System.nanoTime();
            cost = since - begin;
        }
        mesh.about(object, coming, tell, more);
    }

    /** How long the mesh of this cost to look at stays in use while others come. */
    private long age() {
        return cost > BUDGET.toNanos() / 2 ? STALE_NANOS : 0;
    }

    private static Diagnostic warning(Diagnostic found) {
        return new Diagnostic(
                Severity.WARNING, found.code(), found.origin(), found.object(), found.path(), found.message());
    }

    void stop(@Observes ShutdownEvent event) {
        work.close();
    }
}
