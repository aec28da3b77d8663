package io.flotilla.envoy.mesh;

import com.google.protobuf.Message;
import io.flotilla.fixtures.envoy.EnvoyRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the real binary says to a configuration. */
public final class RealEnvoy {
    private static final String DEPRECATED = "Deprecated field";

    /**
     * Written still. What Envoy names in its place is a duration of the whole stream, beside which Envoy looks at no
     * timeout of the route: another time, another flag in the log, and none of the tries that a timeout leaves.
     */
    private static final String STILL = "'envoy.config.route.v3.RouteAction.max_grpc_timeout'";

    private RealEnvoy() {}

    /**
     * Empty where the configuration is good, else what Envoy prints: also of fields that it will not have much longer.
     * Skips the test where there is no binary.
     */
    public static String complaint(Message bootstrap, Path directory) throws IOException, InterruptedException {
        // Binary, as Pilot sends it: JSON would leave out what our copy of Envoy's API does not know yet.
        Path file = Files.write(directory.resolve("bootstrap.pb"), bootstrap.toByteArray());
        Path output = directory.resolve("output.txt");
        EnvoyRun validation =
                EnvoyRun.start(List.of("--mode", "validate", "-c", file.toString(), "-l", "warning"), Map.of(), output);
        int exit = validation.exit();
        String said = validation.log();
        if (exit == 0) {
            return said.lines()
                    .filter(line -> line.contains(DEPRECATED) && !line.contains(STILL))
                    .collect(Collectors.joining("\n"));
        }
        // Envoy repeats the whole configuration before it says what is wrong with it.
        return said.substring(Math.max(0, said.length() - 2_000));
    }
}
