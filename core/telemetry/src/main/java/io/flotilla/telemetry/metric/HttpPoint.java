package io.flotilla.telemetry.metric;

import io.flotilla.api.events.v1.Metric;
import java.util.Set;

/**
 * HTTP requests with the same labels, at one moment.
 *
 * @param labels        those of {@link IstioLabels#HTTP}, unless a Telemetry says otherwise
 * @param metrics       those that count under these labels
 * @param requests      istio_requests_total
 * @param milliseconds  istio_request_duration_milliseconds
 * @param seconds       istio_request_duration_seconds
 * @param requestBytes  istio_request_bytes
 * @param responseBytes istio_response_bytes
 */
public record HttpPoint(
        LabelSet labels,
        Set<Metric> metrics,
        long requests,
        HistogramPoint milliseconds,
        HistogramPoint seconds,
        HistogramPoint requestBytes,
        HistogramPoint responseBytes) {}
