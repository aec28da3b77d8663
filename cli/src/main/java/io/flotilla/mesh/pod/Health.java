package io.flotilla.mesh.pod;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The readiness and liveness of one container, asked in turn. */
final class Health {
    private final LocalContainer container;
    private @Nullable ProbeLoop readiness;
    private @Nullable ProbeLoop liveness;
    private String failure = "";

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

    /** @param ask why a probe fails; empty if it does not */
    void tick(Instant now, Function<PodProbe, String> ask) {
        ProbeLoop ready = readiness;
        if (ready != null) {
            readiness = ready.tick(now, () -> {
                failure = ask.apply(ready.probe());
                return failure.isEmpty();
            });
        }
        ProbeLoop live = liveness;
        if (live != null) {
            liveness = live.tick(now, () -> ask.apply(live.probe()).isEmpty());
        }
    }

    /** Why it is not ready; empty if it is, or was not asked yet. */
    String failure() {
        return ready() || failure.isEmpty() ? "" : container.name() + " is not ready: " + failure;
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
