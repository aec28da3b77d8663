package io.flotilla.gateway.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;

/**
 * A running Envoy, known by its process id and the time it was started: another process that got the same id later is
 * not it. It need not be a child of ours.
 */
public final class EnvoyProcess {
    private final ProcessHandle handle;
    private final Instant started;

    private EnvoyProcess(ProcessHandle handle, Instant started) {
        this.handle = handle;
        this.started = started;
    }

    /** Starts an Envoy that outlives us, and writes its pid file. Its output goes to a file, since a pipe would not. */
    static EnvoyProcess start(EnvoyCommand command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.arguments())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(command.log().toFile()));
        builder.environment().putAll(command.environment());
        ProcessHandle handle = builder.start().toHandle();
        EnvoyProcess process =
                new EnvoyProcess(handle, handle.info().startInstant().orElse(Instant.EPOCH));
        Path fresh = command.pidFile().resolveSibling("envoy.pid.new");
        Files.writeString(fresh, process.handle.pid() + " " + process.started.toEpochMilli() + "\n");
        Files.move(fresh, command.pidFile(), StandardCopyOption.ATOMIC_MOVE);
        return process;
    }

    /** The Envoy that a gateway process before us left running; empty where there is none. */
    static Optional<EnvoyProcess> adopt(EnvoyCommand command) {
        try {
            String[] parts = Files.readString(command.pidFile(), StandardCharsets.US_ASCII)
                    .trim()
                    .split(" ", 2);
            long pid = Long.parseLong(parts[0]);
            Instant started = Instant.ofEpochMilli(Long.parseLong(parts[1]));
            return ProcessHandle.of(pid)
                    .filter(handle -> handle.info().startInstant().equals(Optional.of(started)))
                    .map(handle -> new EnvoyProcess(handle, started))
                    .filter(EnvoyProcess::alive);
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            // No pid file, or not one of ours: nothing to adopt.
            return Optional.empty();
        }
    }

    public long pid() {
        return handle.pid();
    }

    /** Whether it still runs; one that has ended and only waits for its parent does not. */
    boolean alive() {
        if (!handle.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "stat"));
            int state = stat.lastIndexOf(')') + 2;
            return state >= stat.length() || stat.charAt(state) != 'Z';
        } catch (IOException e) {
            // No /proc here, or it ended just now: the handle knows.
            return handle.isAlive();
        }
    }

    void terminate() {
        handle.destroy();
    }

    void kill() {
        handle.destroyForcibly();
    }

    @Override
    public String toString() {
        return "Envoy " + handle.pid();
    }
}
