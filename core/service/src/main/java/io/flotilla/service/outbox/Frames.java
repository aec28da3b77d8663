package io.flotilla.service.outbox;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Files of frames: a length, a checksum, and as many bytes. */
public final class Frames {
    private static final byte[] MAGIC = {'F', 'L', 'K', 'E', 'P', 'T', '0', '1'};
    private static final int HEAD = 8;

    private Frames() {}

    /** Takes one frame after the other. */
    public interface Taking {
        /**
         * Takes one.
         *
         * @param end the byte after this frame
         */
        void take(byte[] body, long end) throws IOException;
    }

    /**
     * What reading found.
     *
     * @param bytes   up to the end of the last good frame
     * @param problem why reading stopped before the end of the file; null where it did not
     */
    public record Read(long bytes, @Nullable String problem) {}

    /** Writes the head of a new file. */
    public static void begin(FileChannel file) throws IOException {
        write(file, ByteBuffer.wrap(MAGIC));
    }

    /** What a body takes in a file, in bytes. */
    static int size(byte[] body) {
        return HEAD + body.length;
    }

    /** Adds a frame where the channel stands. */
    public static void append(FileChannel file, byte[] body) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(HEAD + body.length);
        frame.putInt(body.length).putInt(checksum(body)).put(body).flip();
        write(file, frame);
    }

    private static void write(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    /** Takes one frame after the other for as long as it wants to. */
    interface TakingSome {
        /**
         * Takes one.
         *
         * @param end the byte after this frame
         * @return whether it wants the next
         */
        boolean take(byte[] body, long end) throws IOException;
    }

    /** Gives every good frame up to the first that is not. */
    public static Read read(Path file, Taking taking) throws IOException {
        return read(file, 0, (body, end) -> {
            taking.take(body, end);
            return true;
        });
    }

    /**
     * Gives good frames up to the first that is not.
     *
     * @param from the end of an earlier frame; 0 for the first
     */
    static Read read(Path file, long from, TakingSome taking) throws IOException {
        long good = Math.max(from, MAGIC.length);
        try (InputStream raw = Files.newInputStream(file)) {
            if (!java.util.Arrays.equals(raw.readNBytes(MAGIC.length), MAGIC)) {
                return new Read(0, "it does not begin as such a file does");
            }
            raw.skipNBytes(good - MAGIC.length);
            DataInputStream in = new DataInputStream(new BufferedInputStream(raw, 1 << 16));
            long left = Files.size(file) - good;
            boolean more = true;
            while (more && left > 0) {
                if (left < HEAD) {
                    return new Read(good, "it ends within a frame");
                }
                int length = in.readInt();
                int sum = in.readInt();
                left -= HEAD;
                if (length < 0 || length > left) {
                    return new Read(good, "it ends within a frame");
                }
                byte[] body = in.readNBytes(length);
                left -= length;
                if (checksum(body) != sum) {
                    return new Read(good, "a checksum is wrong at byte " + good);
                }
                good += HEAD + length;
                more = taking.take(body, good);
            }
            return new Read(good, null);
        }
    }

    private static int checksum(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return (int) sum.getValue();
    }
}
