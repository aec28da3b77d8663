package io.flotilla.discovery.wire;

import io.flotilla.discovery.Utf8;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/** Strings of a message where they lie in it; each becomes a string when somebody takes it. */
public final class Texts extends AbstractList<String> implements RandomAccess {
    private static final int FIRST = 8;

    private final byte[] message;
    private int[] places = new int[FIRST];
    private int size;

    Texts(byte[] message) {
        this.message = message;
    }

    /** The same for strings that are there already. */
    public static Texts of(List<String> strings) {
        byte[][] each = strings.stream().map(Texts::bytes).toArray(byte[][]::new);
        byte[] all =
                new byte[Arrays.stream(each).mapToInt(bytes -> bytes.length).sum()];
        Texts texts = new Texts(all);
        int at = 0;
        for (byte[] bytes : each) {
            System.arraycopy(bytes, 0, all, at, bytes.length);
            texts.add(at, bytes.length);
            at += bytes.length;
        }
        return texts;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    void add(int from, int length) {
        if (2 * size == places.length) {
            places = Arrays.copyOf(places, 2 * places.length);
        }
        places[2 * size] = from;
        places[2 * size + 1] = length;
        size++;
    }

    /** One of them as it lies there. */
    public Utf8 utf8(int index) {
        return new Utf8(message, places[2 * index], places[2 * index + 1]);
    }

    /** Whether one ends as this text does. */
    public boolean endsWith(int index, Utf8 end) {
        int length = places[2 * index + 1];
        return length >= end.length()
                && end.equals(new Utf8(message, places[2 * index] + length - end.length(), end.length()));
    }

    @Override
    public String get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        return utf8(index).toString();
    }

    @Override
    public int size() {
        return size;
    }
}
