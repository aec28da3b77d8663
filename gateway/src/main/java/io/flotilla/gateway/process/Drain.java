package io.flotilla.gateway.process;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/**
 * Lets an Envoy finish what it is at. It stops to be ready at once, so that load balancers turn away, goes on serving for
 * a quiet time, and is done when nothing is under way any more, or after a limit.
 *
 * @param quiet how long nothing must be under way
 * @param limit after which the drain is over in any case
 */
public record Drain(Duration quiet, Duration limit) {
    private static final Logger LOG = Logger.getLogger("gateway");
    private static final Duration POLL = Duration.ofMillis(100);

    /** What was still under way at the end; 0 after a drain that was long enough. */
    public long run(EnvoyAdmin admin) {
        try {
            admin.drain();
        } catch (IOException e) {
            LOG.warnf("Envoy cannot be drained: %s", e.getMessage());
            return 0;
        }
        long begin = System.nanoTime();
        long busy = begin;
        OptionalLong active = admin.active();
        while (active.isPresent()) {
            long now = System.nanoTime();
            busy = active.getAsLong() > 0 ? now : busy;
            if (now - busy >= quiet.toNanos() || now - begin >= limit.toNanos()) {
                break;
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            active = admin.active();
        }
        return active.orElse(0);
    }
}
