package io.flotilla.mixer;

import io.flotilla.fixtures.envoy.EnvoyRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The real Envoy, with a configuration of the test. */
final class RealEnvoy {
    private RealEnvoy() {}

    /** Starts it; the test is passed over where there is none. */
    static EnvoyRun start(Path config, Map<String, Integer> ports, Path folder) {
        try {
            String text = Files.readString(config);
            for (Map.Entry<String, Integer> port : ports.entrySet()) {
                text = text.replace("$" + port.getKey(), port.getValue().toString());
            }
            Files.createDirectories(folder);
            Path written = Files.writeString(folder.resolve("envoy.yaml"), text);
            return EnvoyRun.start(
                    List.of("-c", written.toString(), "--concurrency", "2", "--disable-hot-restart", "-l", "warning"),
                    Map.of("POD_NAMESPACE", "default", "POD_NAME", "server-v1-0"),
                    folder.resolve("envoy.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
