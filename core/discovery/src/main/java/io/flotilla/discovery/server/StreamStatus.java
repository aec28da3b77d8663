package io.flotilla.discovery.server;

import io.flotilla.discovery.StreamInfo;
import java.time.Instant;
import java.util.List;

/**
 * One open stream, for status pages and {@code proxy-status}.
 *
 * @param info   who is on it
 * @param opened when its first request came
 * @param types  each type that was asked for, sorted by type URL
 * @param settled whether the latest view is all sent, and every response answered
 */
public record StreamStatus(StreamInfo info, Instant opened, List<TypeStatus> types, boolean settled) {
    public StreamStatus {
        types = List.copyOf(types);
    }
}
