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
 * @param place        where its files are
 * @param logLevel     of Envoy
 * @param threads      worker threads, 0 for one per CPU
 * @param drain        --drain-time-s, in whole seconds
 * @param environment  added to our own
 */
public record EnvoyCommand(
        Path binary, Place place, String logLevel, int threads, Duration drain, Map<String, String> environment) {
    public EnvoyCommand {
        environment = Map.copyOf(environment);
    }

    /**
     * Where the files of an Envoy are.
     *
     * @param directory holds bootstrap and pid file
     * @param log       takes its output, appended
     */
    public record Place(Path directory, Path log) {
        /** All of them in one folder. */
        public static Place in(Path directory) {
            return new Place(directory, directory.resolve("envoy.log"));
        }
    }

    Path bootstrap() {
        return place.directory().resolve("envoy-rev0.json");
    }

    Path log() {
        return place.log();
    }

    Path pidFile() {
        return place.directory().resolve("envoy.pid");
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
