package io.flotilla.mesh.process;

import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** A process remembered by id and start time, so that a stranger with the same id is never taken for it. */
public final class PidFile {
    private PidFile() {}

    public static void writeSelf(Path file) throws IOException {
        ProcessHandle self = ProcessHandle.current();
        StateFolder.write(file, self.pid() + " " + startOf(self) + "\n");
    }

    /** The process, if it still runs. */
    public static Optional<ProcessHandle> read(Path file) {
        try {
            String[] parts = Files.readString(file).strip().split(" ", -1);
            return parts.length != 2
                    ? Optional.empty()
                    : ProcessHandle.of(Long.parseLong(parts[0]))
                            .filter(process -> startOf(process) == Long.parseLong(parts[1]))
                            .filter(ProcessHandle::isAlive);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
