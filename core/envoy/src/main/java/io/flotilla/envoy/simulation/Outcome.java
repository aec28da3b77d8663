package io.flotilla.envoy.simulation;

import java.util.Map;
import java.util.TreeMap;

/** What becomes of a call. */
public sealed interface Outcome {
    /**
     * It is sent on.
     *
     * @param shares cluster to percent
     * @param path   as the server sees it
     * @param fault  "delay 2s 100%", "abort 500 100%", or empty
     * @param mirror cluster of the mirror, or empty
     */
    record Forwarded(Map<String, Integer> shares, String path, String fault, String mirror) implements Outcome {
        public Forwarded {
            shares = new TreeMap<>(shares);
        }
    }

    /** Envoy answers itself. */
    record Answered(int status, String location) implements Outcome {}

    /** Connections are passed on as TCP. */
    record Tcp(Map<String, Integer> shares) implements Outcome {}

    /** Nobody takes the connection. */
    record Refused(String why) implements Outcome {}
}
