package io.flotilla.telemetry.metric;

/**
 * TCP connections with the same labels, at one moment.
 *
 * @param labels   values of {@link IstioLabels#TCP}
 * @param sent     istio_tcp_sent_bytes_total: bytes of answers
 * @param received istio_tcp_received_bytes_total: bytes of requests
 * @param opened   istio_tcp_connections_opened_total
 * @param closed   istio_tcp_connections_closed_total
 */
public record TcpPoint(LabelSet labels, long sent, long received, long opened, long closed) {}
