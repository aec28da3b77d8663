package io.flotilla.mesh.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.fixtures.base.FreePort;
import io.flotilla.mesh.state.MeshPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Ports of the host that are in use when a mesh wants them. */
class PatienceTest {
    private static final Path SOCKET = Path.of("nobody-connects.sock");
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Duration LONG = Duration.ofMinutes(1);

    private final List<String> news = new ArrayList<>();

    private static HostRelay bind(int port, Patience patience) throws IOException, InterruptedException {
        return HostRelay.bind(SOCKET, Map.of(MeshPort.PILOT, port), patience);
    }

    @Test
    void aPortThatIsGivenUpIsTakenThen() throws IOException, InterruptedException {
        ServerSocket other = new ServerSocket(0, 1, LOOPBACK);
        int port = other.getLocalPort();
        Consumer<String> closing = line -> {
            news.add(line);
            close(other);
        };

        try (HostRelay relay = bind(port, new Patience(LONG, Duration.ZERO, closing))) {
            assertThat(relay.ports()).containsEntry("pilot", port);
        }
        assertThat(news)
                .singleElement()
                .asString()
                .startsWith("port " + port + " (pilot) is in use by process "
                        + ProcessHandle.current().pid() + " (")
                .endsWith("; waiting up to 60 s for it");
    }

    @Test
    void thePatienceEndsAndSaysWhoHasThePort() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1)) {
            Patience patience = new Patience(Duration.ofMillis(200), LONG, news::add);

            assertThatThrownBy(() -> bind(other.getLocalPort(), patience))
                    .isInstanceOf(HostRelay.PortTaken.class)
                    .hasMessageStartingWith("port " + other.getLocalPort() + " (pilot) is in use by process "
                            + ProcessHandle.current().pid())
                    .hasMessageEndingWith("; choose others with --ports auto or --port pilot=NUMBER");
        }
        assertThat(news).as("once, however often it was tried").hasSize(1);
    }

    @Test
    void aConnectionThatHasEndedIsToldFromAProcess() throws IOException {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            try (Socket caller = new Socket(LOOPBACK, server.getLocalPort());
                    Socket called = server.accept()) {
                port = caller.getLocalPort();
                // Who ends a connection first keeps its port.
                caller.shutdownOutput();
                assertThat(called.getInputStream().read()).isEqualTo(-1);
            }
        }

        assertThatThrownBy(() -> bind(port, new Patience(LONG, Duration.ZERO, news::add)))
                .isInstanceOf(HostRelay.PortTaken.class)
                .hasMessageContaining("(pilot) is in use by a connection that has ended (TIME_WAIT)");
        assertThat(news).isEmpty();
    }

    @Test
    void aFreePortIsNotWaitedFor() throws IOException, InterruptedException {
        try (HostRelay relay = bind(FreePort.next(), Patience.usual(news::add))) {
            assertThat(relay.ports()).hasSize(1);
        }
        assertThat(news).isEmpty();
    }

    @Test
    void ofALongCommandBothEndsAreTold() {
        assertThat(new PortHolder.Running(7, "java " + "-Dx ".repeat(99) + "up --stay"))
                .asString()
                .hasSizeLessThan(160)
                .startsWith("is in use by process 7 (java -Dx")
                .endsWith("-Dx up --stay)");
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
