package io.flotilla.telemetry.metric;

import java.util.Arrays;
import java.util.stream.LongStream;

/** The bucket boundaries of the standard histograms. Values are whole numbers of a base unit, so that sums are exact. */
@SuppressWarnings("ImmutableEnumChecker") // the arrays never leave it
public enum Buckets {
    /** Current Istio, in milliseconds; counted in nanoseconds. */
    MILLISECONDS(
            1_000_000, 0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000,
            600_000, 1_800_000, 3_600_000),
    /** Istio 1.1, in seconds; counted in nanoseconds. */
    SECONDS(1_000_000_000, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    /** Istio 1.1: one byte and eight times ten as much. */
    BYTES(1, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000);

    private final double scale;
    private final double[] shown;
    private final long[] bounds;

    Buckets(double scale, double... shown) {
        this.scale = scale;
        this.shown = shown;
        this.bounds = Arrays.stream(shown)
                .mapToLong(bound -> Math.round(bound * scale))
                .toArray();
    }

    /** Upper bounds as they are shown, ascending, without the infinite one. */
    public double[] bounds() {
        return shown.clone();
    }

    /** A sum of base units in the shown unit. */
    public double shown(long baseUnits) {
        return baseUnits / scale;
    }

    int count() {
        return bounds.length + 1;
    }

    /** The bucket that a value falls into: the first whose bound is not below it. */
    int indexOf(long baseUnits) {
        int found = Arrays.binarySearch(bounds, baseUnits);
        return found >= 0 ? found : -found - 1;
    }

    /** Bounds in base units, for tests. */
    LongStream baseBounds() {
        return Arrays.stream(bounds);
    }
}
