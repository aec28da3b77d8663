package io.flotilla.telemetry.metric;

/**
 * The fingerprints of the last records, to know doubles by: between one and two times {@code window} of them. Two open
 * tables of that many; a full one replaces the older one.
 */
final class RecentFingerprints {
    private final int window;
    private long[] older;
    private long[] newer;
    private int filled;

    RecentFingerprints(int window) {
        this.window = window;
        this.older = table();
        this.newer = table();
    }

    /** False where the fingerprint was seen already. */
    boolean add(long fingerprint) {
        // Zero marks an empty place.
        long value = fingerprint == 0 ? 1 : fingerprint;
        if (place(older, value) < 0 || place(newer, value) < 0) {
            return false;
        }
        if (filled >= window) {
            older = newer;
            newer = table();
            filled = 0;
        }
        newer[place(newer, value)] = value;
        filled++;
        return true;
    }

    /** The empty place for a value, or -1 where the table has it. */
    private static int place(long[] table, long value) {
        int mask = table.length - 1;
        int index = (int) (value ^ (value >>> 32)) & mask;
        while (table[index] != 0) {
            if (table[index] == value) {
                return -1;
            }
            index = (index + 1) & mask;
        }
        return index;
    }

    private long[] table() {
        return new long[Integer.highestOneBit(Math.max(1, window)) << 2];
    }
}
