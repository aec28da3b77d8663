package io.flotilla.mesh.pod;

import io.flotilla.cli.CommandFailure;
import io.flotilla.mesh.component.Http;
import io.flotilla.mesh.isolation.Isolation;
import io.flotilla.mesh.process.Output;
import io.flotilla.mesh.process.PidFile;
import io.flotilla.mesh.state.StateFolder;
import io.flotilla.mesh.status.MeshStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Asks the administration port of a pod's Envoy. It listens on the pod's own loopback, so a small process goes in
 * and asks there.
 *
 * @param state of the mesh
 */
public record EnvoyAdmin(StateFolder state) {
    private static final int PORT = 15000;
    private static final Duration LIMIT = Duration.ofSeconds(15);

    /**
     * The body of the answer.
     *
     * @param pod NAME, NAMESPACE/NAME or NAME.NAMESPACE
     * @throws CommandFailure where there is no such pod, or its proxy does not answer
     */
    public String get(String pod, String pathAndQuery) throws IOException {
        if (PidFile.read(state.supervisorPid()).isEmpty() || !Files.exists(state.statusFile())) {
            throw CommandFailure.couldNotRun("the mesh is not running; \"flotilla up\" starts it");
        }
        MeshStatus status = MeshStatus.parse(Files.readString(state.statusFile()));
        PodEntry entry = PodEntry.find(status, state, pod)
                .orElseThrow(() -> CommandFailure.no("there is no running pod " + pod));
        if (status.isolation() == Isolation.NONE) {
            return Http.get(entry.pod().ip(), PORT, pathAndQuery).orElseThrow(() -> silent(pod));
        }
        Output output = Output.of(entry.command(client(pathAndQuery)), entry.environment(), LIMIT);
        if (!output.ok()) {
            throw silent(pod);
        }
        return output.out();
    }

    private static CommandFailure silent(String pod) {
        return CommandFailure.couldNotRun(
                "the proxy of pod " + pod + " does not answer; see \"flotilla logs " + pod + "\"");
    }

    private static List<String> client(String pathAndQuery) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                EnvoyAdmin.class.getName(),
                pathAndQuery);
    }

    /** The process that goes in. */
    public static void main(String[] arguments) {
        String body = Http.get("127.0.0.1", PORT, arguments[0]).orElse("");
        System.out.print(body);
        System.out.flush();
        System.exit(body.isEmpty() ? 1 : 0);
    }
}
