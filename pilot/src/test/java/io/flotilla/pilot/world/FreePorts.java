package io.flotilla.pilot.world;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Ports for Pilot and for the Galley of the test, and a folder for the state. */
public final class FreePorts implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        try {
            return Map.of(
                    "flotilla.config",
                    "xds://127.0.0.1:" + one(),
                    "flotilla.port",
                    Integer.toString(one()),
                    "flotilla.tls-port",
                    "0",
                    "flotilla.state-dir",
                    Files.createTempDirectory(Path.of("target"), "pilot-state")
                            .toAbsolutePath()
                            .toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        // Nothing was started.
    }

    /** A port that is free at this moment. */
    public static int one() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
