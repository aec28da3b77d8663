package io.flotilla.mesh.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The processes of one mesh, known by a variable in their environment. Unlike a list of process ids this misses
 * nobody who was being started when the supervisor died, and never names a stranger who got a used id.
 */
public final class Marked {
    /** Holds the mesh's state folder in the environment of everything that runs in it. */
    public static final String VARIABLE = "FLOTILLA_MESH_STATE";

    private static final Duration PAUSE = Duration.ofMillis(50);

    private Marked() {}

    /** All living processes that carry the mark, but for the caller. */
    public static List<ProcessHandle> find(Path stateFolder) {
        String mark = VARIABLE + "=" + stateFolder;
        long self = ProcessHandle.current().pid();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(folder -> folder.getFileName().toString().chars().allMatch(Character::isDigit))
                    .filter(folder -> carries(folder, mark))
                    .map(folder -> Long.parseLong(folder.getFileName().toString()))
                    .filter(pid -> pid != self)
                    .flatMap(pid -> ProcessHandle.of(pid).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a process belongs to the mesh of that folder. */
    public static boolean is(ProcessHandle process, Path stateFolder) {
        return carries(Path.of("/proc", Long.toString(process.pid())), VARIABLE + "=" + stateFolder);
    }

    private static boolean carries(Path folder, String mark) {
        try {
            String environment = new String(Files.readAllBytes(folder.resolve("environ")), StandardCharsets.UTF_8);
            return Arrays.asList(environment.split("\0", -1)).contains(mark);
        } catch (IOException e) {
            // Somebody else's process, or one that has just ended.
            return false;
        }
    }

    /** Ends them all: SIGTERM, and SIGKILL after the grace; looks again until nobody is left. */
    public static void end(Path stateFolder, Duration grace) throws InterruptedException {
        long deadline = System.nanoTime() + grace.toNanos();
        List<ProcessHandle> found = find(stateFolder);
        found.forEach(ProcessHandle::destroy);
        while (!found.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            found = find(stateFolder);
            if (System.nanoTime() > deadline) {
                found.forEach(ProcessHandle::destroyForcibly);
            }
        }
    }
}
