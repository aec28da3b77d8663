package io.flotilla.telemetry.metric;

/** A histogram that is being filled. */
final class Histogram {
    private final Buckets buckets;
    private final long[] counts;
    private long sum;

    Histogram(Buckets buckets) {
        this.buckets = buckets;
        this.counts = new long[buckets.count()];
    }

    void add(long baseUnits) {
        counts[buckets.indexOf(baseUnits)]++;
        sum += baseUnits;
    }

    HistogramPoint point() {
        return new HistogramPoint(buckets, counts.clone(), buckets.shown(sum));
    }
}
