package io.flotilla.mesh.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Copies bytes both ways between two connections until both sides have said all. */
final class Splice {
    /** What an idle connection costs, twice. */
    private static final int SMALL = 4 * 1024;

    /** What a connection gets that fills the small one. */
    private static final int LARGE = 64 * 1024;

    private Splice() {}

    /** Returns when both directions have ended; closes both connections. */
    static void join(SocketChannel left, SocketChannel right) throws InterruptedException {
        try (left;
                right) {
            Thread back = Thread.ofVirtual().start(() -> copy(right, left));
            copy(left, right);
            back.join();
        } catch (IOException e) {
            // Closing failed: the connection is gone either way.
            return;
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(SMALL);
        try {
            while (from.read(buffer) >= 0) {
                boolean full = !buffer.hasRemaining();
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer = sized(buffer, full).clear();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // One side broke off: the other must learn of it.
            close(from);
            close(to);
        }
    }

    private static ByteBuffer sized(ByteBuffer buffer, boolean full) {
        int wanted = full ? LARGE : SMALL;
        return buffer.capacity() == wanted ? buffer : ByteBuffer.allocate(wanted);
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing more can be done for it.
            return;
        }
    }
}
