package io.flotilla.discovery;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A text as it lies in a message: looked up and compared without becoming a string. */
public final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long FACTOR = 0x9E3779B97F4A7C15L;
    private static final int SHIFT = 29;
    // Names come from anybody: which of them collide is nobody's to know.
    private static final long SEED = new SecureRandom().nextLong();

    private final byte[] bytes;
    private final int from;
    private final int length;

    /** It refers to the bytes, which nobody changes. */
    public Utf8(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        this.from = from;
        this.length = length;
    }

    public static Utf8 of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Utf8(bytes, 0, bytes.length);
    }

    public int length() {
        return length;
    }

    /** Its first so many bytes. */
    public Utf8 first(int many) {
        return new Utf8(bytes, from, many);
    }

    /** The text before its last {@code mark}; all of it where there is none. */
    public Utf8 before(char mark) {
        int at = lastIndexOf(mark);
        return at < 0 ? this : new Utf8(bytes, from, at);
    }

    /** The text after its last {@code mark}; nothing where there is none. */
    public Utf8 after(char mark) {
        int at = lastIndexOf(mark);
        return at < 0 ? new Utf8(bytes, from, 0) : new Utf8(bytes, from + at + 1, length - at - 1);
    }

    /** The text from its last {@code mark} on; nothing where there is none. */
    public Utf8 from(char mark) {
        int at = lastIndexOf(mark);
        return at < 0 ? new Utf8(bytes, from, 0) : new Utf8(bytes, from + at, length - at);
    }

    private int lastIndexOf(char mark) {
        for (int i = length - 1; i >= 0; i--) {
            if (bytes[from + i] == mark) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public int hashCode() {
        long hash = SEED ^ (length * FACTOR);
        int at = from;
        int left = length;
        for (; left >= Long.BYTES; left -= Long.BYTES, at += Long.BYTES) {
            hash = mixed(hash ^ (long) LONGS.get(bytes, at));
        }
        long rest = 0;
        for (; left > 0; left--) {
            rest = (rest << Byte.SIZE) | (bytes[at++] & 0xff);
        }
        return (int) (mixed(hash ^ rest) >>> Integer.SIZE);
    }

    private static long mixed(long word) {
        long product = word * FACTOR;
        return product ^ (product >>> SHIFT);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Utf8 text
                && Arrays.equals(bytes, from, from + length, text.bytes, text.from, text.from + text.length);
    }

    @Override
    public String toString() {
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }
}
