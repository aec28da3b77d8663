package io.flotilla.mesh.relay;

import io.flotilla.mesh.state.MeshPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** The mesh's end of the relay: connects each caller to where its port's name leads. */
public final class MeshRelay implements AutoCloseable {
    private static final int LONGEST_NAME = 64;
    private static final int MOST_CONNECTIONS = 8000;
    private static final int BACKLOG = 1024;

    private final ServerSocketChannel listener;
    private final Targets targets;

    /** Tells where a port leads at this moment; best first. */
    @FunctionalInterface
    public interface Targets {
        List<InetSocketAddress> of(MeshPort port);
    }

    private MeshRelay(ServerSocketChannel listener, Targets targets) {
        this.listener = listener;
        this.targets = targets;
    }

    public static MeshRelay start(Path socket, Targets targets) throws IOException {
        Files.deleteIfExists(socket);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
        MeshRelay relay = new MeshRelay(listener, targets);
        Thread.ofVirtual()
                .name("mesh-relay")
                .start(() -> new Accepting("relay", new Semaphore(MOST_CONNECTIONS)).run(listener, relay::serve));
        return relay;
    }

    private void serve(SocketChannel caller) {
        try (caller) {
            Optional<MeshPort> port = MeshPort.named(readName(caller));
            if (port.isEmpty()) {
                return;
            }
            for (InetSocketAddress target : targets.of(port.get())) {
                if (connect(caller, target)) {
                    return;
                }
            }
        } catch (IOException e) {
            // The caller has gone.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False where the target does not answer, so that the next one may be tried. */
    private static boolean connect(SocketChannel caller, InetSocketAddress target) throws InterruptedException {
        SocketChannel channel;
        try {
            channel = SocketChannel.open(target);
        } catch (IOException e) {
            return false;
        }
        Splice.join(caller, channel);
        return true;
    }

    private static String readName(SocketChannel caller) throws IOException {
        StringBuilder name = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (name.length() < LONGEST_NAME && caller.read(one) == 1) {
            char next = (char) one.get(0);
            if (next == '\n') {
                return name.toString();
            }
            name.append(next);
            one.clear();
        }
        throw new IOException("no port name");
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
