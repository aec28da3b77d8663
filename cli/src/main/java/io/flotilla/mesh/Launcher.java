package io.flotilla.mesh;

import io.flotilla.mesh.component.ClassArchive;
import io.flotilla.mesh.component.ControlService;
import io.flotilla.mesh.component.QuickStart;
import io.flotilla.mesh.isolation.Isolation;
import io.flotilla.mesh.isolation.Script;
import io.flotilla.mesh.process.Environment;
import io.flotilla.mesh.process.Marked;
import io.flotilla.mesh.process.PidFile;
import io.flotilla.mesh.relay.HostRelay;
import io.flotilla.mesh.state.MeshSpec;
import io.flotilla.mesh.state.OwnCopy;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts a mesh's supervisor in its namespaces and is its other end on the host. */
public final class Launcher implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final StateFolder state;
    private final HostRelay relay;
    private final Process supervisor;

    private Launcher(StateFolder state, HostRelay relay, Process supervisor) {
        this.state = state;
        this.relay = relay;
        this.supervisor = supervisor;
    }

    /**
     * Starts the supervisor.
     *
     * @param relay listens already; accepts from now on
     */
    public static Launcher start(StateFolder state, MeshSpec spec, HostRelay relay) throws IOException {
        PidFile.writeSelf(state.launcherPid());
        List<String> command = new ArrayList<>();
        // In a session of its own: an interrupt from the terminal is for the launcher alone.
        command.add("setsid");
        command.addAll(spec.isolation().enter());
        List<String> supervise = supervise(state, spec);
        command.addAll(
                spec.isolation() == Isolation.NONE
                        ? supervise
                        : Script.outer(state.root().toString(), spec.envoy(), ControlService.addresses(), supervise));
        Files.createDirectories(state.hosts().resolve(ControlService.NAMESPACE));
        // The gateways look there for the Secrets of their own namespace.
        Files.createDirectories(state.config().resolve(ControlService.NAMESPACE));
        StateFolder.write(state.hosts().resolve(ControlService.NAMESPACE).resolve("hosts"), "127.0.0.1 localhost\n");
        Path log = state.logs().resolve("supervisor.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(Environment.of(state, System.getenv(), Map.of()));
        Process supervisor = builder.start();
        relay.start();
        return new Launcher(state, relay, supervisor);
    }

    private static List<String> supervise(StateFolder state, MeshSpec spec) {
        List<String> archive = ClassArchive.ofSupervisor(spec.homePath()).use();
        List<String> command =
                new ArrayList<>(QuickStart.supervisor(spec.javaHome(), spec.homePath(), archive, OwnCopy.jar(state)));
        command.add(state.root().toString());
        return command;
    }

    public boolean isAlive() {
        return supervisor.isAlive();
    }

    public void awaitEnd() throws InterruptedException {
        supervisor.waitFor();
    }

    /** Ends the mesh and everything that belongs to it. */
    @Override
    public void close() {
        try {
            supervisor.destroy();
            if (!supervisor.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                supervisor.destroyForcibly();
            }
            relay.close();
            Marked.end(state.root(), Duration.ofSeconds(1));
        } catch (IOException e) {
            System.err.println("flotilla: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
