package io.flotilla.telemetry.metric;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.flotilla.api.events.v1.Metric;
import io.flotilla.api.events.v1.RequestRecord;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What is counted of HTTP requests with the same labels. */
final class HttpSeries {
    static final Set<Metric> METRICS = Collections.unmodifiableSet(
            EnumSet.of(Metric.REQUEST_COUNT, Metric.REQUEST_DURATION, Metric.REQUEST_SIZE, Metric.RESPONSE_SIZE));

    private final Set<Metric> counted = EnumSet.noneOf(Metric.class);
    private long requests;
    private final Histogram milliseconds = new Histogram(Buckets.MILLISECONDS);
    private final Histogram seconds = new Histogram(Buckets.SECONDS);
    private final Histogram requestBytes = new Histogram(Buckets.BYTES);
    private final Histogram responseBytes = new Histogram(Buckets.BYTES);

    void add(RequestRecord record, Set<Metric> metrics) {
        counted.addAll(metrics);
        if (metrics.contains(Metric.REQUEST_COUNT)) {
            requests++;
        }
        if (metrics.contains(Metric.REQUEST_DURATION)) {
            long nanos = nanos(record.getDuration());
            milliseconds.add(nanos);
            seconds.add(nanos);
        }
        if (metrics.contains(Metric.REQUEST_SIZE)) {
            requestBytes.add(record.getRequestBytes());
        }
        if (metrics.contains(Metric.RESPONSE_SIZE)) {
            responseBytes.add(record.getResponseBytes());
        }
    }

    HttpPoint point(LabelSet labels) {
        return new HttpPoint(
                labels,
                Set.copyOf(counted),
                requests,
                milliseconds.point(),
                seconds.point(),
                requestBytes.point(),
                responseBytes.point());
    }

    private static long nanos(Duration duration) {
        return Math.max(0, Durations.toNanos(duration));
    }
}
