package io.flotilla.mesh.machine;

import io.flotilla.api.networking.v1alpha3.ReadinessProbe;
import java.util.Optional;

/**
 * What the answers of a probe add up to.
 *
 * @param healthy   what is known; empty until there were answers enough
 * @param successes in a row
 * @param failures  in a row
 */
public record MachineHealth(Optional<Boolean> healthy, int successes, int failures) {
    /** Nothing is known. */
    public static final MachineHealth UNKNOWN = new MachineHealth(Optional.empty(), 0, 0);

    private static final int SUCCESSES = 1;
    private static final int FAILURES = 3;

    /** After one more answer. */
    public MachineHealth after(boolean answer, ReadinessProbe probe) {
        int good = answer ? successes + 1 : 0;
        int bad = answer ? 0 : failures + 1;
        if (good >= or(probe.getSuccessThreshold(), SUCCESSES)) {
            return new MachineHealth(Optional.of(true), good, bad);
        }
        return new MachineHealth(
                bad >= or(probe.getFailureThreshold(), FAILURES) ? Optional.of(false) : healthy, good, bad);
    }

    static int or(int given, int otherwise) {
        return given > 0 ? given : otherwise;
    }
}
