package io.flotilla.envoy.authz;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** HTTP/2 frame by frame (RFC 9113), as no well-behaved client sends it. */
final class Http2Client implements AutoCloseable {
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    private static final int HEAD = 9;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();

    /** A frame that came. */
    record Frame(int type, int flags, int stream, ByteBuffer payload) {}

    Http2Client(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(60_000);
        unsent.writeBytes(PREFACE);
        add(SETTINGS, 0, 0, new byte[0]);
    }

    /** To be sent with {@link #flush}. */
    void add(int type, int flags, int stream, byte[] payload) {
        unsent.writeBytes(ByteBuffer.allocate(HEAD)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .array());
        unsent.writeBytes(payload);
    }

    void flush() throws IOException {
        socket.getOutputStream().write(unsent.toByteArray());
        unsent.reset();
    }

    /** A GET of "/", in the simplest form of RFC 7541. */
    static byte[] get(String host) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        // Of the static table: ":method: GET", ":scheme: http", ":path: /".
        block.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x01, (byte) host.length()});
        block.writeBytes(host.getBytes(StandardCharsets.US_ASCII));
        return block.toByteArray();
    }

    /** The next frame. */
    Frame next() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        return new Frame(type, flags, stream, ByteBuffer.wrap(in.readNBytes(length)));
    }

    /** What the other side settles, by RFC 9113, 6.5.2. */
    Map<Integer, Integer> settings() throws IOException {
        flush();
        Frame frame = next();
        while (frame.type() != SETTINGS) {
            frame = next();
        }
        Map<Integer, Integer> settings = new TreeMap<>();
        ByteBuffer payload = frame.payload();
        while (payload.hasRemaining()) {
            settings.put((int) payload.getShort(), payload.getInt());
        }
        return settings;
    }

    /** Reads until the other side ends the connection; false where it does not for a minute. */
    boolean isEnded() {
        try {
            while (true) {
                next();
            }
        } catch (java.net.SocketTimeoutException silence) {
            return false;
        } catch (IOException end) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
