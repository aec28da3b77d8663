package io.flotilla.discovery;

import java.nio.charset.StandardCharsets;

/**
 * Where in a sorted array of resources a name stands that is still bytes. Names and versions lie in one array, side by
 * side: a look touches two places in memory, where the resources' own strings would be ten.
 */
final class NameIndex {
    private static final int[] NO_STARTS = {0};

    // Name, version, name, version...; one of which only the version is known has none here.
    private final byte[] texts;
    private final int[] starts;
    // Open addressing, at most half full; an entry is a position and one.
    private final int[] slots;

    NameIndex(Resource[] sorted) {
        byte[][] all = new byte[2 * sorted.length][];
        int[] ends = sorted.length == 0 ? NO_STARTS : new int[2 * sorted.length + 1];
        for (int i = 0; i < sorted.length; i++) {
            all[2 * i] = sorted[i].name().getBytes(StandardCharsets.UTF_8);
            all[2 * i + 1] =
                    sorted[i].hasContent() ? sorted[i].version().getBytes(StandardCharsets.UTF_8) : new byte[0];
            ends[2 * i + 1] = ends[2 * i] + all[2 * i].length;
            ends[2 * i + 2] = ends[2 * i + 1] + all[2 * i + 1].length;
        }
        starts = ends;
        texts = new byte[ends[ends.length - 1]];
        slots = new int[Integer.highestOneBit(Math.max(1, sorted.length)) << 2];
        for (int i = 0; i < all.length; i++) {
            System.arraycopy(all[i], 0, texts, starts[i], all[i].length);
        }
        for (int i = 0; i < sorted.length; i++) {
            int slot = text(2 * i).hashCode() & (slots.length - 1);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = i + 1;
        }
    }

    private Utf8 text(int number) {
        return new Utf8(texts, starts[number], starts[number + 1] - starts[number]);
    }

    /** The position; -1 where there is none of that name. */
    int find(Utf8 name) {
        int slot = name.hashCode() & (slots.length - 1);
        while (slots[slot] != 0) {
            int position = slots[slot] - 1;
            if (name.equals(text(2 * position))) {
                return position;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return -1;
    }

    /** Whether the resource there has content, and this version. */
    boolean has(int position, Utf8 version) {
        int from = starts[2 * position + 1];
        int to = starts[2 * position + 2];
        return to > from && version.equals(new Utf8(texts, from, to - from));
    }
}
