package io.flotilla.telemetry.metric;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.flotilla.api.events.v1.RequestRecord;

/** What is counted of HTTP requests with the same labels. */
final class HttpSeries {
    private long requests;
    private final Histogram milliseconds = new Histogram(Buckets.MILLISECONDS);
    private final Histogram seconds = new Histogram(Buckets.SECONDS);
    private final Histogram requestBytes = new Histogram(Buckets.BYTES);
    private final Histogram responseBytes = new Histogram(Buckets.BYTES);

    void add(RequestRecord record) {
        requests++;
        long nanos = nanos(record.getDuration());
        milliseconds.add(nanos);
        seconds.add(nanos);
        requestBytes.add(record.getRequestBytes());
        responseBytes.add(record.getResponseBytes());
    }

    HttpPoint point(LabelSet labels) {
        return new HttpPoint(
                labels, requests, milliseconds.point(), seconds.point(), requestBytes.point(), responseBytes.point());
    }

    private static long nanos(Duration duration) {
        return Math.max(0, Durations.toNanos(duration));
    }
}
