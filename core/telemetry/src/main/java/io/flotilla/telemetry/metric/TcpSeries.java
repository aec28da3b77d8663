package io.flotilla.telemetry.metric;

/** What is counted of TCP connections with the same labels. */
final class TcpSeries {
    private long sent;
    private long received;
    private long opened;
    private long closed;

    void add(TcpConnections.Change change) {
        sent += change.sent();
        received += change.received();
        opened += change.opened() ? 1 : 0;
        closed += change.closed() ? 1 : 0;
    }

    TcpPoint point(LabelSet labels) {
        return new TcpPoint(labels, sent, received, opened, closed);
    }
}
