package io.flotilla.telemetry.metric;

/**
 * HTTP requests with the same labels, at one moment.
 *
 * @param labels        values of {@link IstioLabels#HTTP}
 * @param requests      istio_requests_total
 * @param milliseconds  istio_request_duration_milliseconds
 * @param seconds       istio_request_duration_seconds
 * @param requestBytes  istio_request_bytes
 * @param responseBytes istio_response_bytes
 */
public record HttpPoint(
        LabelSet labels,
        long requests,
        HistogramPoint milliseconds,
        HistogramPoint seconds,
        HistogramPoint requestBytes,
        HistogramPoint responseBytes) {}
