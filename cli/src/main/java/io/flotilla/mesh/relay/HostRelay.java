package io.flotilla.mesh.relay;

import io.flotilla.mesh.state.MeshPort;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/**
 * The host's end of the relay: loopback ports whose connections go into the mesh through one UNIX socket. A
 * connection starts with the port's name and a line feed; then its bytes follow as they are.
 */
public final class HostRelay implements AutoCloseable {
    /** More wait in the backlog until one of these is over. */
    static final int MOST_CONNECTIONS = 4_000;

    private static final int BACKLOG = 1024;

    private final Semaphore slots = new Semaphore(MOST_CONNECTIONS);
    private final Path socket;
    private final Map<MeshPort, ServerSocketChannel> listeners = new EnumMap<>(MeshPort.class);

    private HostRelay(Path socket) {
        this.socket = socket;
    }

    /** A port that another process has. */
    public static final class PortTaken extends IOException {
        private static final long serialVersionUID = 1L;

        PortTaken(MeshPort port, int number, PortHolder holder, BindException cause) {
            super(
                    "port " + number + " (" + port.key() + ") " + holder
                            + "; choose others with --ports auto or --port " + port.key() + "=NUMBER",
                    cause);
        }
    }

    /**
     * Listens on all ports, but accepts nobody yet.
     *
     * @param wanted 0 for any free port
     * @throws PortTaken for the first port that is still in use when patience ends
     */
    public static HostRelay bind(Path socket, Map<MeshPort, Integer> wanted, Patience patience)
            throws IOException, InterruptedException {
        HostRelay relay = new HostRelay(socket);
        try {
            for (Map.Entry<MeshPort, Integer> port : wanted.entrySet()) {
                relay.listeners.put(
                        port.getKey(), patience.bind(port.getKey(), port.getValue(), () -> listen(port.getValue())));
            }
        } catch (IOException | InterruptedException e) {
            relay.close();
            throw e;
        }
        return relay;
    }

    private static ServerSocketChannel listen(int number) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET);
        try {
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), number), BACKLOG);
            return channel;
        } catch (BindException e) {
            channel.close();
            throw e;
        }
    }

    /** The numbers that the ports have. */
    public Map<String, Integer> ports() throws IOException {
        Map<String, Integer> ports = new TreeMap<>();
        for (Map.Entry<MeshPort, ServerSocketChannel> each : listeners.entrySet()) {
            ports.put(each.getKey().key(), ((InetSocketAddress) each.getValue().getLocalAddress()).getPort());
        }
        return ports;
    }

    /** Gives ports up, for those who shall listen on them themselves. */
    public void release(Collection<MeshPort> ports) throws IOException {
        for (MeshPort port : ports) {
            ServerSocketChannel listener = listeners.remove(port);
            if (listener != null) {
                listener.close();
            }
        }
    }

    public void start() {
        listeners.forEach((port, listener) -> Thread.ofVirtual()
                .name("relay-" + port.key())
                .start(() ->
                        new Accepting("relay of " + port.key(), slots).run(listener, client -> serve(port, client))));
    }

    private void serve(MeshPort port, SocketChannel client) {
        try (client;
                SocketChannel mesh = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer greeting = ByteBuffer.wrap((port.key() + "\n").getBytes(StandardCharsets.US_ASCII));
            while (greeting.hasRemaining()) {
                mesh.write(greeting);
            }
            Splice.join(client, mesh);
        } catch (IOException e) {
            // The mesh is not there yet, or no more: the client sees its connection closed.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        for (ServerSocketChannel listener : listeners.values()) {
            listener.close();
        }
    }
}
