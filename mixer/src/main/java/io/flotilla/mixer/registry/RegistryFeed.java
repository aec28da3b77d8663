package io.flotilla.mixer.registry;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.telemetry.registry.Registry;
import io.flotilla.telemetry.registry.RegistryHistory;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;

/** The registry of the last minute, as Galley tells it. */
@ApplicationScoped
public class RegistryFeed {
    private final AtomicReference<RegistryHistory> history = new AtomicReference<>(RegistryHistory.empty());
    private final Clock clock = Clock.systemUTC();

    /** What is known now. */
    public RegistryHistory history() {
        return history.get();
    }

    /** Takes the next snapshot. */
    public void accept(MeshSnapshot snapshot) {
        history.updateAndGet(before -> before.with(Registry.of(snapshot), clock.instant()));
    }
}
