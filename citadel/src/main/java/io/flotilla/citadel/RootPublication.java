package io.flotilla.citadel;

import io.flotilla.citadel.kubernetes.RootConfigMaps;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Repeats {@link RootConfigMaps#publish} so that new namespaces get the root certificate too. */
final class RootPublication implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger("citadel");
    private static final int PERIOD_SECONDS = 10;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("root-publication").factory());
    private final RootConfigMaps configMaps;
    private @Nullable Future<?> repeating;

    RootPublication(RootConfigMaps configMaps) {
        this.configMaps = configMaps;
    }

    void start() {
        repeating = timer.scheduleWithFixedDelay(this::pass, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private void pass() {
        try {
            List<String> problems = configMaps.publish();
            if (!problems.isEmpty()) {
                LOG.warnf("root certificate not published to %s", problems);
            }
        } catch (IOException | RuntimeException e) {
            // The API server may be away for a while; a timer that throws would never run again.
            LOG.warnf("root certificate not published: %s", e.getMessage());
        }
    }

    @Override
    public void close() {
        if (repeating != null) {
            repeating.cancel(true);
        }
        timer.shutdownNow();
    }
}
