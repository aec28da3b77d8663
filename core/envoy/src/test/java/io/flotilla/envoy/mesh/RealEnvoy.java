package io.flotilla.envoy.mesh;

import com.google.protobuf.Message;
import io.flotilla.fixtures.envoy.EnvoyRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the real binary says to a configuration. */
public final class RealEnvoy {
    private RealEnvoy() {}

    /** Empty where the configuration is good, else what Envoy prints; skips the test where there is no binary. */
    public static String complaint(Message bootstrap, Path directory) throws IOException, InterruptedException {
        // Binary, as Pilot sends it: JSON would leave out what our copy of Envoy's API does not know yet.
        Path file = Files.write(directory.resolve("bootstrap.pb"), bootstrap.toByteArray());
        Path output = directory.resolve("output.txt");
        EnvoyRun validation =
                EnvoyRun.start(List.of("--mode", "validate", "-c", file.toString(), "-l", "warning"), Map.of(), output);
        int exit = validation.exit();
        String said = validation.log();
        // Envoy repeats the whole configuration before it says what is wrong with it.
        return exit == 0 ? "" : said.substring(Math.max(0, said.length() - 2_000));
    }
}
