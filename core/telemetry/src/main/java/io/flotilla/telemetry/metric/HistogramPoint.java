package io.flotilla.telemetry.metric;

import java.util.Arrays;

/** A histogram at one moment. */
public final class HistogramPoint {
    private final Buckets buckets;
    private final long[] counts;
    private final double sum;

    HistogramPoint(Buckets buckets, long[] counts, double sum) {
        this.buckets = buckets;
        this.counts = counts;
        this.sum = sum;
    }

    /** Its boundaries. */
    public Buckets buckets() {
        return buckets;
    }

    /** Counts per bucket, not cumulated; the last one is of what lies above all bounds. */
    public long[] counts() {
        return counts.clone();
    }

    /** All values. */
    public long count() {
        return Arrays.stream(counts).sum();
    }

    /** The sum of all values, in the shown unit. */
    public double sum() {
        return sum;
    }
}
