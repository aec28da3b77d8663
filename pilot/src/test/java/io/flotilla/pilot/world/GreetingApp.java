package io.flotilla.pilot.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A server that speaks first, as databases do. */
public final class GreetingApp implements AutoCloseable {
    private final ServerSocket server;

    public GreetingApp(String address, int port) throws IOException {
        server = new ServerSocket(port, 8, InetAddress.getByName(address));
        Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getOutputStream().write("welcome\n".getBytes(StandardCharsets.UTF_8));
            } catch (SocketException e) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What a server says to a client that is silent; empty where it says nothing for two seconds. */
    public static String greeting(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1_000);
            socket.setSoTimeout(2_000);
            return new String(socket.getInputStream().readNBytes(8), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
