package io.flotilla.mesh.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Copies bytes both ways between two connections until both sides have said all. */
final class Splice {
    /** Two of these per connection: what a relay of {@link HostRelay#MOST_CONNECTIONS} takes must fit its heap. */
    private static final int BUFFER = 8 * 1024;

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
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // One side broke off: the other must learn of it.
            close(from);
            close(to);
        }
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
