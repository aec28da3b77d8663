package io.flotilla.gateway.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How Envoy is started.
 *
 * @param binary       absolute path
 * @param directory    holds bootstrap, pid file and log
 * @param logLevel     of Envoy
 * @param threads      worker threads, 0 for one per CPU
 * @param drain        --drain-time-s, in whole seconds
 * @param environment  added to our own
 */
public record EnvoyCommand(
        Path binary, Path directory, String logLevel, int threads, Duration drain, Map<String, String> environment) {
    public EnvoyCommand {
        environment = Map.copyOf(environment);
    }

    Path bootstrap() {
        return directory.resolve("envoy-rev0.json");
    }

    Path log() {
        return directory.resolve("envoy.log");
    }

    Path pidFile() {
        return directory.resolve("envoy.pid");
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(
                binary.toString(),
                "-c",
                bootstrap().toString(),
                "--disable-hot-restart",
                "--drain-time-s",
                Long.toString(drain.toSeconds()),
                "--drain-strategy",
                "immediate",
                "-l",
                logLevel));
        if (threads > 0) {
            arguments.addAll(List.of("--concurrency", Integer.toString(threads)));
        }
        return arguments;
    }
}
