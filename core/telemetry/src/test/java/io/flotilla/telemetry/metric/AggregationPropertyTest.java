package io.flotilla.telemetry.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.RequestRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** However records are split into batches, ordered and repeated, the totals are the same. */
class AggregationPropertyTest {
    @Property(tries = 200)
    void splitOrderAndRepetitionDoNotMatter(@ForAll("records") List<RequestRecord> drawn, @ForAll long seed) {
        List<RequestRecord> records = distinct(drawn);
        Random random = new Random(seed);
        List<RequestRecord> disturbed = new ArrayList<>(records);
        records.stream().filter(record -> random.nextInt(3) == 0).forEach(disturbed::add);
        Collections.shuffle(disturbed, random);

        Aggregation straight = new Aggregation(Aggregation.Limits.DEFAULT);
        straight.apply(0, 0, Records.batch("default/pod", records));
        Aggregation other = new Aggregation(Aggregation.Limits.DEFAULT);
        for (int from = 0, offset = 0; from < disturbed.size(); offset++) {
            int to = Math.min(disturbed.size(), from + 1 + random.nextInt(5));
            other.apply(offset % 4, offset, Records.batch("default/pod", disturbed.subList(from, to)));
            from = to;
        }

        assertThat(totals(other)).isEqualTo(totals(straight));
        assertThat(other.ledger().requests() + other.ledger().tcp()).isEqualTo(records.size());
        assertThat(other.ledger().doubles()).isEqualTo(disturbed.size() - records.size());
    }

    /** Each record with a fingerprint of its own, as reports have it. */
    private static List<RequestRecord> distinct(List<RequestRecord> drawn) {
        List<RequestRecord> records = new ArrayList<>();
        for (RequestRecord record : drawn) {
            records.add(record.toBuilder().setFingerprint(records.size() + 1).build());
        }
        return records;
    }

    private static Map<String, String> totals(Aggregation aggregation) {
        Map<String, String> totals = new TreeMap<>();
        for (HttpPoint point : aggregation.http()) {
            totals.put(
                    point.labels().toString(),
                    point.requests() + " " + text(point.milliseconds()) + text(point.seconds())
                            + text(point.requestBytes()) + text(point.responseBytes()));
        }
        for (TcpPoint point : aggregation.tcp()) {
            totals.put(
                    point.labels().toString(),
                    point.opened() + " " + point.closed() + " " + point.received() + " " + point.sent());
        }
        return totals;
    }

    private static String text(HistogramPoint point) {
        return java.util.Arrays.toString(point.counts()) + point.sum();
    }

    @Provide
    Arbitrary<List<RequestRecord>> records() {
        Arbitrary<RequestRecord> http = Combinators.combine(
                        Arbitraries.of("reviews", "ratings"),
                        Arbitraries.of(200, 503),
                        Arbitraries.longs().between(0, 5_000_000_000L))
                .as((service, code, nanos) -> Records.http(0, service, code, nanos));
        Arbitrary<RequestRecord> tcp = Combinators.combine(
                        Arbitraries.of("a", "b", "c"),
                        Arbitraries.of(RecordType.TCP_OPEN, RecordType.TCP_CONTINUE, RecordType.TCP_CLOSE),
                        Arbitraries.longs().between(0, 1_000),
                        Arbitraries.longs().between(0, 1_000))
                .as((stream, type, received, sent) -> Records.tcp(0, stream, type, received, sent));
        return Arbitraries.oneOf(http, tcp).list().ofMaxSize(40);
    }
}
