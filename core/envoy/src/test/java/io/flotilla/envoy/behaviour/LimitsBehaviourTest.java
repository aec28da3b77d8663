package io.flotilla.envoy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many connections listeners take at once: behaviour/limits.yaml. */
class LimitsBehaviourTest {
    private static final MeshSnapshot MESH = MeshFiles.files(Path.of("src/test/resources/behaviour/limits.yaml"));

    /** Opens a connection. */
    @FunctionalInterface
    private interface Opening {
        Socket open() throws IOException;
    }

    @Test
    void aPodTakesAsManyConnectionsAsTheMeshSays() throws Exception {
        try (Workbench bench = Workbench.start(MESH, Proxies.sidecar("server", "v1"))) {
            Call.To pod = new Call.To("10.44.0.9", 9000, "", "10.44.3.3");
            assertThat(taken(() -> bench.accept(pod), "hello\n", 4)).isEqualTo(2);
            // Envoy closes a connection first and counts it then.
            String counted = Waiting.until(
                    () -> bench.admin("/stats?filter=downstream_cx_overflow"),
                    stats -> stats.contains(".downstream_cx_overflow: 2"));
            assertThat(counted).contains(".downstream_cx_overflow: 2");
        }
    }

    @Test
    void anEdgesListenerTakesAsManyAsItsRuntimeValueSays() throws IOException {
        try (Workbench bench = Workbench.start(MESH, Proxies.ingress())) {
            assertThat(taken(() -> bench.edge(8080), "GET / HTTP/1.1\r\nhost: any\r\n\r\n", 3))
                    .isEqualTo(1);
        }
    }

    /** How many of so many connections are answered while all are open. */
    private static int taken(Opening opening, String says, int tries) throws IOException {
        List<Socket> open = new ArrayList<>();
        int taken = 0;
        try {
            for (int i = 0; i < tries; i++) {
                Socket socket = opening.open();
                open.add(socket);
                taken += answered(socket, says) ? 1 : 0;
            }
            return taken;
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private static boolean answered(Socket socket, String says) throws IOException {
        socket.setSoTimeout(60_000);
        try {
            socket.getOutputStream().write(says.getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() != -1;
        } catch (SocketException closed) {
            return false;
        }
    }
}
