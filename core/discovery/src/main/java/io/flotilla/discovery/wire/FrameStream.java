package io.flotilla.discovery.wire;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.List;

/** The pieces of a frame one after another; gRPC drains them into its own buffers, which is the only copy. */
final class FrameStream extends InputStream implements Drainable, KnownLength {
    private final List<ByteString> pieces;
    private int piece;
    private int offset;
    private int left;

    FrameStream(ResponseFrame frame) {
        pieces = frame.pieces();
        left = frame.size();
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
        int drained = left;
        ByteOutput output = new Direct(target);
        while (piece < pieces.size()) {
            ByteString bytes = pieces.get(piece);
            UnsafeByteOperations.unsafeWriteTo(offset == 0 ? bytes : bytes.substring(offset), output);
            piece++;
            offset = 0;
        }
        left = 0;
        return drained;
    }

    /** Hands the bytes on where they are: gRPC's stream changes none, and {@link ByteString#writeTo} would copy them. */
    private static final class Direct extends ByteOutput {
        private final OutputStream target;

        Direct(OutputStream target) {
            this.target = target;
        }

        @Override
        public void write(byte value) throws IOException {
            target.write(value);
        }

        @Override
        public void write(byte[] value, int from, int length) throws IOException {
            target.write(value, from, length);
        }

        @Override
        public void writeLazy(byte[] value, int from, int length) throws IOException {
            target.write(value, from, length);
        }

        @Override
        public void write(ByteBuffer value) throws IOException {
            Channels.newChannel(target).write(value);
        }

        @Override
        public void writeLazy(ByteBuffer value) throws IOException {
            write(value);
        }
    }

    @Override
    public int available() {
        return left;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) {
        if (left == 0) {
            return length == 0 ? 0 : -1;
        }
        int copied = 0;
        while (copied < length && left > 0) {
            ByteString bytes = pieces.get(piece);
            int now = Math.min(length - copied, bytes.size() - offset);
            bytes.substring(offset, offset + now).copyTo(target, from + copied);
            copied += now;
            offset += now;
            left -= now;
            if (offset == bytes.size()) {
                piece++;
                offset = 0;
            }
        }
        return copied;
    }
}
