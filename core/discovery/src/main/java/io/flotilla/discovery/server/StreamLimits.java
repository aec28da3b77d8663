package io.flotilla.discovery.server;

import java.time.Duration;

/**
 * What streams may keep a server from.
 *
 * @param admitted streams whose first push is made at one time; of one owner three quarters at most
 * @param waiting  streams that may wait for that; one more is told to try again
 * @param unread   a stream whose client reads nothing of what was sent for so long is cut off
 */
public record StreamLimits(int admitted, int waiting, Duration unread) {
    /** 64 at one time, 20,000 wait, 30 s. */
    public static final StreamLimits DEFAULT = new StreamLimits(64, 20_000, Duration.ofSeconds(30));

    public StreamLimits {
        if (admitted < 1 || waiting < 1 || !unread.isPositive()) {
            throw new IllegalArgumentException("limits of streams must be positive");
        }
    }
}
