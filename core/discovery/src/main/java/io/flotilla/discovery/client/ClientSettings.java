package io.flotilla.discovery.client;

import io.envoyproxy.envoy.config.core.v3.Node;
import java.time.Duration;
import java.util.Set;

/**
 * What a client asks for and how patient it is.
 *
 * @param node        who it says it is
 * @param types       type URLs of which it wants everything; an update holds all of them at one generation
 * @param delta       incremental instead of state of the world
 * @param minBackOff  wait before the first try to come back; each next try waits twice as long
 * @param maxBackOff  longest wait between tries; real waits are 50 to 100 % of these
 * @param patience    how long a server whose state is older than what is held is not believed; then it is
 */
public record ClientSettings(
        Node node, Set<String> types, boolean delta, Duration minBackOff, Duration maxBackOff, Duration patience) {
    private static final Duration MIN_BACK_OFF = Duration.ofMillis(100);
    private static final Duration MAX_BACK_OFF = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    public ClientSettings {
        types = Set.copyOf(types);
    }

    /** Delta; back after 100 ms to 5 s; a minute for an older server. */
    public static ClientSettings of(Node node, Set<String> types) {
        return new ClientSettings(node, types, true, MIN_BACK_OFF, MAX_BACK_OFF, PATIENCE);
    }

    /** The same over state of the world. */
    public ClientSettings stateOfTheWorld() {
        return new ClientSettings(node, types, false, minBackOff, maxBackOff, patience);
    }
}
