package io.flotilla.telemetry.metric;

import io.flotilla.api.events.v1.Metric;
import java.util.Set;

/**
 * TCP connections with the same labels, at one moment.
 *
 * @param labels   those of {@link IstioLabels#TCP}, unless a Telemetry says otherwise
 * @param metrics  those that count under these labels
 * @param sent     istio_tcp_sent_bytes_total: bytes of answers
 * @param received istio_tcp_received_bytes_total: bytes of requests
 * @param opened   istio_tcp_connections_opened_total
 * @param closed   istio_tcp_connections_closed_total
 */
public record TcpPoint(LabelSet labels, Set<Metric> metrics, long sent, long received, long opened, long closed) {}
