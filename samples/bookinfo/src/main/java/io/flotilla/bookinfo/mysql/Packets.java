package io.flotilla.bookinfo.mysql;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Packets of MySQL's client/server protocol: three bytes of length, a sequence number, a payload. */
final class Packets {
    private static final int BYTE = 8;
    private static final int MASK = 0xff;
    private static final int SHORT_LENGTH = 0xfb;
    private static final int TWO_BYTES = 0xfc;
    private static final int THREE_BYTES = 0xfd;

    private final InputStream in;
    private final OutputStream out;
    private int sequence;

    Packets(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** The payload of the next packet; it says which number the answer has. */
    Reader read() throws IOException {
        byte[] head = in.readNBytes(4);
        if (head.length < 4) {
            throw new EOFException("the connection ended");
        }
        int length = (int) new Reader(head).integer(3);
        sequence = (head[3] & MASK) + 1;
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("a packet of " + length + " bytes ends early");
        }
        return new Reader(payload);
    }

    void write(Writer payload) throws IOException {
        byte[] bytes = payload.bytes.toByteArray();
        out.write(new byte[] {
            (byte) bytes.length, (byte) (bytes.length >> BYTE), (byte) (bytes.length >> (2 * BYTE)), (byte) sequence++
        });
        out.write(bytes);
    }

    void flush() throws IOException {
        out.flush();
    }

    /** A command begins a new count. */
    void begin() {
        sequence = 0;
    }

    /** Reads a payload from its beginning. */
    static final class Reader {
        private final byte[] bytes;
        private int at;

        private Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        int left() {
            return bytes.length - at;
        }

        /** The first byte, which says what kind of packet it is. */
        int kind() {
            return bytes.length == 0 ? 0 : bytes[0] & MASK;
        }

        long integer(int size) throws IOException {
            long value = 0;
            for (int i = 0; i < size; i++) {
                value |= (long) (next() & MASK) << (i * BYTE);
            }
            return value;
        }

        /** An integer whose first byte says how long it is. */
        long lengthEncoded() throws IOException {
            int first = next() & MASK;
            return first < SHORT_LENGTH ? first : integer(first == TWO_BYTES ? 2 : first == THREE_BYTES ? 3 : 8);
        }

        byte[] bytes(int count) throws IOException {
            if (count < 0 || count > left()) {
                throw new EOFException("a packet of " + bytes.length + " bytes is too short");
            }
            at += count;
            return Arrays.copyOfRange(bytes, at - count, at);
        }

        String text(int count) throws IOException {
            return new String(bytes(count), StandardCharsets.UTF_8);
        }

        /** Up to the next zero, or to the end. */
        String terminated() throws IOException {
            int end = at;
            while (end < bytes.length && bytes[end] != 0) {
                end++;
            }
            String text = text(end - at);
            at = Math.min(bytes.length, at + 1);
            return text;
        }

        private byte next() throws IOException {
            return bytes(1)[0];
        }
    }

    /** Makes a payload. */
    static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Writer integer(long value, int size) {
            for (int i = 0; i < size; i++) {
                bytes.write((int) (value >> (i * BYTE)));
            }
            return this;
        }

        Writer lengthEncoded(long value) {
            if (value < SHORT_LENGTH) {
                return integer(value, 1);
            }
            return value < (1 << (2 * BYTE))
                    ? integer(TWO_BYTES, 1).integer(value, 2)
                    : integer(THREE_BYTES, 1).integer(value, 3);
        }

        Writer raw(byte[] more) {
            bytes.writeBytes(more);
            return this;
        }

        Writer terminated(String text) {
            return raw(text.getBytes(StandardCharsets.UTF_8)).integer(0, 1);
        }

        /** A text after its length. */
        Writer counted(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            return lengthEncoded(utf8.length).raw(utf8);
        }

        Writer zeros(int count) {
            return raw(new byte[count]);
        }
    }
}
