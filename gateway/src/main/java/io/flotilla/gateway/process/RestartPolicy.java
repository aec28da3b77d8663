package io.flotilla.gateway.process;

import io.flotilla.service.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When an Envoy that ended is started again.
 *
 * @param backoff between starts that fail one after the other
 * @param stable  a run of this length is no failure: the next start begins from anew
 */
public record RestartPolicy(Backoff backoff, Duration stable) {
    /** From 200 ms to 30 s, stable after a minute. */
    public static final RestartPolicy DEFAULT =
            new RestartPolicy(new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30)), Duration.ofMinutes(1));

    /** The failures in a row, after a run that followed {@code failures} of them. */
    int failures(int failures, Duration ran) {
        return ran.compareTo(stable) >= 0 ? 1 : failures + 1;
    }

    Duration delay(int failures, RandomGenerator random) {
        return backoff.after(failures, random);
    }
}
