package io.flotilla.mesh.pod;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The readiness and liveness of one container, asked in turn. */
final class Health {
    private final LocalContainer container;
    private @Nullable ProbeLoop readiness;
    private @Nullable ProbeLoop liveness;

    Health(LocalContainer container) {
        this.container = container;
        reset(Instant.now());
    }

    LocalContainer container() {
        return container;
    }

    /** Starts over, after a restart. */
    void reset(Instant now) {
        readiness = begin(container.probes().readiness(), now);
        liveness = begin(container.probes().liveness(), now);
    }

    private static @Nullable ProbeLoop begin(Optional<PodProbe> probe, Instant now) {
        return probe.isPresent() ? ProbeLoop.begin(probe.get(), now) : null;
    }

    void tick(Instant now, Predicate<PodProbe> ask) {
        ProbeLoop ready = readiness;
        if (ready != null) {
            readiness = ready.tick(now, () -> ask.test(ready.probe()));
        }
        ProbeLoop live = liveness;
        if (live != null) {
            liveness = live.tick(now, () -> ask.test(live.probe()));
        }
    }

    boolean ready() {
        ProbeLoop probe = readiness;
        return probe == null || probe.passed();
    }

    /** It was alive and is no more. */
    boolean dead() {
        ProbeLoop probe = liveness;
        return probe != null && probe.exhausted();
    }
}
