package io.flotilla.pilot.accepted;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A socket in the file system that leads to a port of this machine: it reaches out of a network namespace. */
final class SocketRelay implements AutoCloseable {
    private final ServerSocketChannel server;
    private final List<SocketChannel> open = new ArrayList<>();

    SocketRelay(Path path, int port) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Thread.ofVirtual().start(() -> accept(port));
    }

    private void accept(int port) {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                SocketChannel target =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                synchronized (open) {
                    open.add(client);
                    open.add(target);
                }
                Thread.ofVirtual().start(() -> copy(client, target));
                Thread.ofVirtual().start(() -> copy(target, client));
            } catch (IOException e) {
                // Closed, or the port is: Envoy tries again.
            }
        }
    }

    private static void copy(ByteChannel from, ByteChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        try (from;
                to) {
            while (from.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
        } catch (IOException e) {
            // One side has gone.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        synchronized (open) {
            for (SocketChannel channel : open) {
                channel.close();
            }
        }
    }
}
