package io.flotilla.telemetry.metric;

import static io.flotilla.telemetry.metric.Records.batch;
import static io.flotilla.telemetry.metric.Records.http;
import static io.flotilla.telemetry.metric.Records.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.events.v1.Metric;
import io.flotilla.api.events.v1.MetricChanges;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.RequestBatch;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.api.events.v1.TagChange;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AggregationTest {
    private final Aggregation aggregation = new Aggregation(new Aggregation.Limits(3, 100, 100));

    private void apply(long offset, RequestRecord... records) {
        aggregation.apply(0, offset, batch("default/pod", List.of(records)));
    }

    @Test
    void countsARequestInAllOfItsFamilies() {
        apply(0, http(1, "reviews", 200, 7_000_000));

        HttpPoint point = aggregation.http().getFirst();
        assertThat(point.requests()).isEqualTo(1);
        assertThat(point.milliseconds().sum()).isEqualTo(7.0);
        assertThat(point.milliseconds().counts()[3]).as("(5 ms, 10 ms]").isEqualTo(1);
        assertThat(point.seconds().sum()).isEqualTo(0.007);
        assertThat(point.seconds().counts()[1]).as("(5 ms, 10 ms]").isEqualTo(1);
        assertThat(point.requestBytes().counts()[1]).as("(1, 10]").isEqualTo(1);
    }

    @Test
    void labelsAreIstiosAndUnknownWhereNothingIsKnown() {
        apply(0, http(1, "reviews", 503, 1));

        List<String> values = aggregation.http().getFirst().labels().values();
        assertThat(label(values, "reporter")).isEqualTo("destination");
        assertThat(label(values, "destination_workload")).isEqualTo("reviews");
        assertThat(label(values, "source_workload")).isEqualTo("unknown");
        assertThat(label(values, "response_code")).isEqualTo("503");
        assertThat(label(values, "response_flags")).isEqualTo("-");
        assertThat(label(values, "connection_security_policy")).isEqualTo("unknown");
        assertThat(label(values, "permissive_response_code")).isEqualTo("none");
        assertThat(label(values, "grpc_response_status")).isEmpty();
    }

    private static String label(List<String> values, String name) {
        return values.get(IstioLabels.HTTP.indexOf(name));
    }

    @Test
    void aRecordCountsOnce() {
        apply(0, http(1, "reviews", 200, 1));
        apply(1, http(1, "reviews", 200, 1), http(2, "reviews", 200, 1));

        assertThat(aggregation.http().getFirst().requests()).isEqualTo(2);
        assertThat(aggregation.ledger().doubles()).isEqualTo(1);
    }

    @Test
    void anOffsetCountsOnce() {
        apply(5, http(1, "reviews", 200, 1));
        apply(5, http(2, "reviews", 200, 1));
        apply(4, http(3, "reviews", 200, 1));

        assertThat(aggregation.ledger().requests()).isEqualTo(1);
        assertThat(aggregation.ledger().replayed()).isEqualTo(2);
    }

    @Test
    void aTopicMadeAnewIsReadFromItsStart() {
        apply(5, http(1, "reviews", 200, 1));
        aggregation.assigned(0, 100);
        apply(5, http(2, "reviews", 200, 1));
        assertThat(aggregation.ledger().requests()).isEqualTo(1);

        aggregation.assigned(0, 2);
        apply(0, http(3, "reviews", 200, 1));
        assertThat(aggregation.ledger().requests()).isEqualTo(2);
    }

    @Test
    void pastTheLimitSeriesLoseTheirLabelsButNotTheirCounts() {
        for (int i = 0; i < 10; i++) {
            apply(i, http(i + 1, "service-" + i, 200, 1));
        }

        assertThat(aggregation.http()).hasSize(4);
        assertThat(aggregation.http().stream().mapToLong(HttpPoint::requests).sum())
                .isEqualTo(10);
        assertThat(aggregation.ledger().overflowed()).isEqualTo(7);
    }

    @Test
    void theKubeletsProbesAreLeftOut() {
        RequestRecord probe = http(1, "reviews", 200, 1);
        apply(
                0,
                probe.toBuilder()
                        .setHttp(probe.getHttp().toBuilder().setUserAgent("kube-probe/1.32"))
                        .build());

        assertThat(aggregation.http()).isEmpty();
        assertThat(aggregation.ledger().probes()).isEqualTo(1);
    }

    @Test
    void aConnectionIsOpenedAndClosedOnceAndEachByteCountsOnce() {
        apply(0, tcp(1, "a", RecordType.TCP_OPEN, 0, 0));
        assertThat(aggregation.tcp().getFirst())
                .extracting(TcpPoint::opened, TcpPoint::closed)
                .containsExactly(1L, 0L);

        apply(1, tcp(2, "a", RecordType.TCP_CONTINUE, 100, 10), tcp(3, "a", RecordType.TCP_CONTINUE, 150, 40));
        apply(2, tcp(4, "a", RecordType.TCP_CLOSE, 160, 50), tcp(5, "b", RecordType.TCP_CLOSE, 1, 2));

        TcpPoint point = aggregation.tcp().getFirst();
        assertThat(point.opened()).isEqualTo(2);
        assertThat(point.closed()).isEqualTo(2);
        assertThat(point.received()).isEqualTo(161);
        assertThat(point.sent()).isEqualTo(52);
    }

    @Test
    void whatWritersDroppedIsInTheLedger() {
        aggregation.apply(
                0,
                0,
                RequestBatch.newBuilder().setPod("default/pod").setDropped(12).build());

        assertThat(aggregation.ledger().dropped()).isEqualTo(12);
    }

    @Test
    void doublesAreKnownWithinTheWindow() {
        RecentFingerprints recent = new RecentFingerprints(1_000);
        long[] all =
                LongStream.range(0, 100_000).map(i -> i * 0x9E3779B97F4A7C15L).toArray();

        assertThat(Arrays.stream(all).filter(recent::add).count()).isEqualTo(all.length);
        assertThat(Arrays.stream(all, all.length - 1_000, all.length)
                        .filter(recent::add)
                        .count())
                .isZero();
        assertThat(recent.add(all[1])).as("long forgotten").isTrue();
    }

    @Test
    void whoTookPartIsNotWhatATelemetrySays() {
        TagChange.Builder forged =
                TagChange.newBuilder().addMetrics(Metric.REQUEST_COUNT).setValue("forged");
        MetricChanges changes = MetricChanges.newBuilder()
                .addTags(forged.setTag("source_workload"))
                .addTags(forged.setTag("destination_principal"))
                .addTags(forged.setTag("reporter"))
                .build();
        apply(
                0,
                http(1, "reviews", 200, 1).toBuilder().setMetricChanges(changes).build());

        assertThat(aggregation.http()).hasSize(1);
        assertThat(aggregation.http().iterator().next().labels().values()).doesNotContain("forged");
    }

    @Test
    void metricsWithOtherLabelsAreSeriesOfTheirOwn() {
        MetricChanges changes = MetricChanges.newBuilder()
                .addDisabled(Metric.RESPONSE_SIZE)
                .addTags(TagChange.newBuilder()
                        .addMetrics(Metric.REQUEST_COUNT)
                        .setTag("path")
                        .setValue("/a"))
                .addTags(TagChange.newBuilder()
                        .addMetrics(Metric.REQUEST_COUNT)
                        .setTag("response_flags")
                        .setRemoved(true))
                .addTags(TagChange.newBuilder().addMetrics(Metric.REQUEST_COUNT).setTag("source_app"))
                .build();
        apply(
                0,
                http(1, "reviews", 200, 1).toBuilder().setMetricChanges(changes).build());

        assertThat(aggregation.http()).hasSize(2);
        HttpPoint count = aggregation.http().stream()
                .filter(point -> point.metrics().contains(Metric.REQUEST_COUNT))
                .findFirst()
                .orElseThrow();
        assertThat(count.metrics()).containsExactly(Metric.REQUEST_COUNT);
        assertThat(count.requests()).isEqualTo(1);
        assertThat(count.milliseconds().count()).isZero();
        assertThat(count.labels().names()).endsWith("path").doesNotContain("response_flags");
        assertThat(count.labels().values()).endsWith("/a");
        assertThat(count.labels().values().get(count.labels().names().indexOf("source_app")))
                .isEqualTo("unknown");
        HttpPoint rest = aggregation.http().stream()
                .filter(point -> !point.metrics().contains(Metric.REQUEST_COUNT))
                .findFirst()
                .orElseThrow();
        assertThat(rest.metrics()).containsExactlyInAnyOrder(Metric.REQUEST_DURATION, Metric.REQUEST_SIZE);
        assertThat(rest.labels().names()).isEqualTo(IstioLabels.HTTP);
        assertThat(rest.milliseconds().count()).isEqualTo(1);
        assertThat(aggregation.ledger().requests()).isEqualTo(1);
    }

    @Test
    void whatCountsInNothingIsInTheLedger() {
        RequestRecord unwanted = http(1, "reviews", 200, 1).toBuilder()
                .setMetricChanges(MetricChanges.newBuilder().addAllDisabled(HttpSeries.METRICS))
                .build();
        RequestRecord open = tcp(2, "c", RecordType.TCP_OPEN, 0, 0).toBuilder()
                .setMetricChanges(MetricChanges.newBuilder().addAllDisabled(TcpSeries.METRICS))
                .build();
        apply(0, unwanted, open, tcp(3, "c", RecordType.TCP_CLOSE, 10, 20));

        assertThat(aggregation.http()).isEmpty();
        assertThat(aggregation.ledger().unwanted()).isEqualTo(2);
        assertThat(aggregation.tcp().getFirst())
                .extracting(TcpPoint::opened, TcpPoint::closed, TcpPoint::sent)
                .containsExactly(0L, 1L, 20L);
    }
}
