package io.flotilla.telemetry.metric;

import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.RequestRecord;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was already counted of connections, since their records carry totals so far: each connection is opened once,
 * closed once, and each of its bytes counts once, in whatever order its records come. Bounded: the connections longest
 * unheard of are forgotten first; one that is heard of again after that counts anew.
 */
final class TcpConnections {
    /** What one record adds. */
    record Change(long received, long sent, boolean opened, boolean closed) {}

    private record Key(String pod, String streamId) {}

    private record Seen(long received, long sent, boolean closed) {
        static final Seen NOTHING = new Seen(0, 0, false);
    }

    private final Map<Key, Seen> connections;

    TcpConnections(int most) {
        this.connections = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, Seen> eldest) {
                return size() > most;
            }
        };
    }

    Change add(String pod, RequestRecord record) {
        Key key = new Key(pod, record.getStreamId());
        Seen before = connections.get(key);
        Seen seen = before == null ? Seen.NOTHING : before;
        boolean closes = record.getType() == RecordType.TCP_CLOSE;
        Seen now = new Seen(
                Math.max(seen.received(), record.getRequestBytes()),
                Math.max(seen.sent(), record.getResponseBytes()),
                seen.closed() || closes);
        connections.put(key, now);
        return new Change(
                now.received() - seen.received(),
                now.sent() - seen.sent(),
                before == null,
                now.closed() && !seen.closed());
    }
}
