package io.flotilla.telemetry.metric;

import io.flotilla.api.events.v1.Metric;
import io.flotilla.api.events.v1.RequestBatch;
import io.flotilla.api.events.v1.RequestRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts request batches into the standard metrics. The same batches give the same totals however they are split, in
 * whatever order they come, and however often one is repeated within the window. Mutable, for one thread at a time; no
 * clock and no I/O.
 *
 * <p>Bounded: at most {@link Limits#series} label sets each for HTTP and TCP, after which records count under the label
 * value "overflow"; the last {@link Limits#window} records are known for doubles.
 */
public final class Aggregation {
    /**
     * What bounds its memory.
     *
     * @param series      label sets, each for HTTP and TCP; one HTTP label set takes about 2 KB
     * @param window      records to know doubles by; 64 bytes each
     * @param connections open TCP connections to remember; about 200 bytes each
     */
    public record Limits(int series, int window, int connections) {
        public static final Limits DEFAULT = new Limits(20_000, 1 << 17, 1 << 16);
    }

    private static final String KUBELET = "kube-probe";

    private final Limits limits;
    private final Map<Integer, Long> next = new HashMap<>();
    private final Map<LabelSet, HttpSeries> http = new HashMap<>();
    private final Map<LabelSet, TcpSeries> tcp = new HashMap<>();
    private final RecentFingerprints recent;
    private final TcpConnections connections;
    private Ledger ledger = Ledger.EMPTY;

    public Aggregation(Limits limits) {
        this.limits = limits;
        this.recent = new RecentFingerprints(limits.window());
        this.connections = new TcpConnections(limits.connections());
    }

    /** Counts the batch at an offset of a partition; one that lies before what was already counted counts nothing. */
    public void apply(int partition, long offset, RequestBatch batch) {
        if (offset < next.getOrDefault(partition, 0L)) {
            ledger = ledger.plus(Ledger.REPLAYED);
            return;
        }
        next.put(partition, offset + 1);
        ledger = ledger.plus(Ledger.ofDropped(batch.getDropped()));
        for (RequestRecord record : batch.getRecordsList()) {
            ledger = ledger.plus(count(batch.getPod(), record));
        }
    }

    /**
     * Told when a partition is given to this process. A log that ends before what was counted is another log (the topic
     * was made anew) and is read from its start.
     */
    public void assigned(int partition, long endOffset) {
        next.computeIfPresent(partition, (key, counted) -> endOffset < counted ? null : counted);
    }

    public Ledger ledger() {
        return ledger;
    }

    /** All HTTP series, in no order. */
    public List<HttpPoint> http() {
        return http.entrySet().stream()
                .map(entry -> entry.getValue().point(entry.getKey()))
                .toList();
    }

    /** All TCP series, in no order. */
    public List<TcpPoint> tcp() {
        return tcp.entrySet().stream()
                .map(entry -> entry.getValue().point(entry.getKey()))
                .toList();
    }

    private Ledger count(String pod, RequestRecord record) {
        if (!recent.add(record.getFingerprint())) {
            return Ledger.DOUBLE;
        }
        return switch (record.getType()) {
            case HTTP -> countHttp(record);
            case TCP_OPEN, TCP_CONTINUE, TCP_CLOSE -> countTcp(pod, record);
            // Of a newer writer: what this version does not know it does not count.
            case RECORD_TYPE_UNSPECIFIED, UNRECOGNIZED -> Ledger.EMPTY;
        };
    }

    private Ledger countHttp(RequestRecord record) {
        if (record.getHttp().getUserAgent().startsWith(KUBELET)) {
            return Ledger.PROBE;
        }
        Map<LabelSet, Set<Metric>> where = where(record, IstioLabels.http(record), HttpSeries.METRICS);
        if (where.isEmpty()) {
            return Ledger.UNWANTED;
        }
        boolean all = true;
        for (Map.Entry<LabelSet, Set<Metric>> each : where.entrySet()) {
            LabelSet labels = each.getKey();
            boolean fits = http.size() < limits.series() || http.containsKey(labels);
            http.computeIfAbsent(
                            fits ? labels : IstioLabels.overflow(record, IstioLabels.HTTP), key -> new HttpSeries())
                    .add(record, each.getValue());
            all &= fits;
        }
        return Ledger.ofRequest(!all);
    }

    private Ledger countTcp(String pod, RequestRecord record) {
        // A connection is remembered even where it counts in nothing: a Telemetry may say otherwise before it ends.
        TcpConnections.Change change = connections.add(pod, record);
        Map<LabelSet, Set<Metric>> where = where(record, IstioLabels.tcp(record), TcpSeries.METRICS);
        if (where.isEmpty()) {
            return Ledger.UNWANTED;
        }
        boolean all = true;
        for (Map.Entry<LabelSet, Set<Metric>> each : where.entrySet()) {
            LabelSet labels = each.getKey();
            boolean fits = tcp.size() < limits.series() || tcp.containsKey(labels);
            tcp.computeIfAbsent(fits ? labels : IstioLabels.overflow(record, IstioLabels.TCP), key -> new TcpSeries())
                    .add(change, each.getValue());
            all &= fits;
        }
        return Ledger.ofTcp(!all);
    }

    private static Map<LabelSet, Set<Metric>> where(RequestRecord record, LabelSet usual, Set<Metric> metrics) {
        return record.hasMetricChanges()
                ? ChangedLabels.of(record.getMetricChanges(), usual, metrics)
                : Map.of(usual, metrics);
    }
}
