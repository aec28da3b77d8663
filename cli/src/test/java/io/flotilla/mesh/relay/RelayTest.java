package io.flotilla.mesh.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.mesh.state.MeshPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// Open is all that the resources of a try have to be.
@SuppressWarnings("try")
class RelayTest {
    @TempDir
    private Path folder;

    @Test
    @SuppressWarnings("try") // the mesh's end works by itself for as long as it is open
    void carriesBytesBothWaysAndTheEndOfEach() throws IOException, InterruptedException {
        try (ServerSocket echo = echo();
                MeshRelay mesh = MeshRelay.start(
                        socket(),
                        port -> List.of(
                                // Nobody listens at the first: the second is tried.
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), echo.getLocalPort())));
                HostRelay host = HostRelay.bind(socket(), Map.of(MeshPort.INGRESS_HTTP, 0), Patience.none())) {
            host.start();
            try (Socket client =
                    new Socket(InetAddress.getLoopbackAddress(), host.ports().getOrDefault("ingress-http", 0))) {
                client.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                client.shutdownOutput();
                assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("hello");
            }
        }
    }

    private Path socket() {
        return folder.resolve("relay.sock");
    }

    private static ServerSocket echo() throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try (Socket caller = server.accept();
                    InputStream in = caller.getInputStream()) {
                in.transferTo(caller.getOutputStream());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        return server;
    }
}
