package io.flotilla.telemetry.metric;

import io.flotilla.api.events.v1.Metric;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What is counted of TCP connections with the same labels. */
final class TcpSeries {
    static final Set<Metric> METRICS = Collections.unmodifiableSet(EnumSet.of(
            Metric.TCP_OPENED_CONNECTIONS,
            Metric.TCP_CLOSED_CONNECTIONS,
            Metric.TCP_SENT_BYTES,
            Metric.TCP_RECEIVED_BYTES));

    private final Set<Metric> counted = EnumSet.noneOf(Metric.class);
    private long sent;
    private long received;
    private long opened;
    private long closed;

    void add(TcpConnections.Change change, Set<Metric> metrics) {
        counted.addAll(metrics);
        sent += metrics.contains(Metric.TCP_SENT_BYTES) ? change.sent() : 0;
        received += metrics.contains(Metric.TCP_RECEIVED_BYTES) ? change.received() : 0;
        opened += metrics.contains(Metric.TCP_OPENED_CONNECTIONS) && change.opened() ? 1 : 0;
        closed += metrics.contains(Metric.TCP_CLOSED_CONNECTIONS) && change.closed() ? 1 : 0;
    }

    TcpPoint point(LabelSet labels) {
        return new TcpPoint(labels, Set.copyOf(counted), sent, received, opened, closed);
    }
}
