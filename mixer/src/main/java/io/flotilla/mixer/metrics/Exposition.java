package io.flotilla.mixer.metrics;

import io.flotilla.api.events.v1.Metric;
import io.flotilla.telemetry.metric.HistogramPoint;
import io.flotilla.telemetry.metric.HttpPoint;
import io.flotilla.telemetry.metric.LabelSet;
import io.flotilla.telemetry.metric.TcpPoint;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** The standard metrics as Prometheus knows metrics. */
final class Exposition {
    private record Labelled<P>(Labels labels, P point) {}

    private Exposition() {}

    /** All families; the label sets of one series are shared by its families. */
    static MetricSnapshots of(List<HttpPoint> http, List<TcpPoint> tcp) {
        List<Labelled<HttpPoint>> requests = http.stream()
                .map(point -> new Labelled<>(labels(point.labels()), point))
                .toList();
        List<Labelled<TcpPoint>> connections = tcp.stream()
                .map(point -> new Labelled<>(labels(point.labels()), point))
                .toList();
        return new MetricSnapshots(
                Stream.concat(requests(requests), connections(connections)).toList());
    }

    private static Stream<MetricSnapshot> requests(List<Labelled<HttpPoint>> points) {
        List<Labelled<HttpPoint>> durations = in(points, HttpPoint::metrics, Metric.REQUEST_DURATION);
        return Stream.of(
                counter(
                        "istio_requests",
                        "HTTP and gRPC requests.",
                        in(points, HttpPoint::metrics, Metric.REQUEST_COUNT),
                        HttpPoint::requests),
                histogram(
                        "istio_request_duration_milliseconds",
                        "Duration of requests in milliseconds.",
                        durations,
                        HttpPoint::milliseconds),
                histogram(
                        "istio_request_duration_seconds",
                        "Duration of requests in seconds (as of Istio 1.1).",
                        durations,
                        HttpPoint::seconds),
                histogram(
                        "istio_request_bytes",
                        "Size of requests, with headers.",
                        in(points, HttpPoint::metrics, Metric.REQUEST_SIZE),
                        HttpPoint::requestBytes),
                histogram(
                        "istio_response_bytes",
                        "Size of responses, with headers.",
                        in(points, HttpPoint::metrics, Metric.RESPONSE_SIZE),
                        HttpPoint::responseBytes));
    }

    private static Stream<MetricSnapshot> connections(List<Labelled<TcpPoint>> points) {
        return Stream.of(
                counter(
                        "istio_tcp_sent_bytes",
                        "Bytes of answers on TCP connections.",
                        in(points, TcpPoint::metrics, Metric.TCP_SENT_BYTES),
                        TcpPoint::sent),
                counter(
                        "istio_tcp_received_bytes",
                        "Bytes of requests on TCP connections.",
                        in(points, TcpPoint::metrics, Metric.TCP_RECEIVED_BYTES),
                        TcpPoint::received),
                counter(
                        "istio_tcp_connections_opened",
                        "TCP connections opened.",
                        in(points, TcpPoint::metrics, Metric.TCP_OPENED_CONNECTIONS),
                        TcpPoint::opened),
                counter(
                        "istio_tcp_connections_closed",
                        "TCP connections closed.",
                        in(points, TcpPoint::metrics, Metric.TCP_CLOSED_CONNECTIONS),
                        TcpPoint::closed));
    }

    // A family has no series of records that do not count in it.
    private static <P> List<Labelled<P>> in(List<Labelled<P>> points, Function<P, Set<Metric>> metrics, Metric family) {
        return points.stream()
                .filter(point -> metrics.apply(point.point()).contains(family))
                .toList();
    }

    private static Labels labels(LabelSet set) {
        return Labels.of(set.names().toArray(String[]::new), set.values().toArray(String[]::new));
    }

    private static <P> CounterSnapshot counter(
            String name, String help, List<Labelled<P>> points, ToLongFunction<P> value) {
        return new CounterSnapshot(
                new MetricMetadata(name, help),
                points.stream()
                        .map(point ->
                                new CounterDataPointSnapshot(value.applyAsLong(point.point()), point.labels(), null, 0))
                        .toList());
    }

    private static <P> HistogramSnapshot histogram(
            String name, String help, List<Labelled<P>> points, Function<P, HistogramPoint> value) {
        List<HistogramDataPointSnapshot> data = new ArrayList<>(points.size());
        for (Labelled<P> point : points) {
            HistogramPoint histogram = value.apply(point.point());
            double[] bounds = histogram.buckets().bounds();
            double[] upper = Arrays.copyOf(bounds, bounds.length + 1);
            upper[bounds.length] = Double.POSITIVE_INFINITY;
            data.add(HistogramDataPointSnapshot.builder()
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(upper, histogram.counts()))
                    .sum(histogram.sum())
                    .labels(point.labels())
                    .build());
        }
        return new HistogramSnapshot(new MetricMetadata(name, help), data);
    }
}
