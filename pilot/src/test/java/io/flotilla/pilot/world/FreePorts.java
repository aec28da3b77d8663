package io.flotilla.pilot.world;

import io.flotilla.fixtures.base.FreePort;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Ports for Pilot and for the Galley of the test, and a folder for the state. */
public final class FreePorts implements QuarkusTestResourceLifecycleManager {
    /** What shows debug pages to others than this machine. */
    public static final String DEBUG_TOKEN = "let-me-see";

    @Override
    public Map<String, String> start() {
        try {
            Path state =
                    Files.createTempDirectory(Path.of("target"), "pilot-state").toAbsolutePath();
            return Map.of(
                    "flotilla.management-bind",
                    "0.0.0.0",
                    "flotilla.debug-token-file",
                    Files.writeString(state.resolve("debug-token"), DEBUG_TOKEN).toString(),
                    "flotilla.config",
                    "xds://127.0.0.1:" + FreePort.next(),
                    "flotilla.port",
                    Integer.toString(FreePort.next()),
                    "flotilla.tls-port",
                    "0",
                    "flotilla.state-dir",
                    state.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        // Nothing was started.
    }
}
