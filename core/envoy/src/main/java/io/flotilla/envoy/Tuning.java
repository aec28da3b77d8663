package io.flotilla.envoy;

import java.time.Duration;

/**
 * Settings of translation that are not part of the mesh's configuration.
 *
 * @param serverFirstDelay how long a proxy waits for a client's first bytes on a port where the server may speak first;
 *     it is also the tolerance for a slow ClientHello, so not below a round trip and a retransmission
 */
public record Tuning(Duration serverFirstDelay) {
    /** 100 milliseconds. */
    public static Tuning defaults() {
        return new Tuning(Duration.ofMillis(100));
    }
}
