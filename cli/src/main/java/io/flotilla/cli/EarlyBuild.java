package io.flotilla.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The builds of programs that only tests need (e2e/NAME/build: an API server, a registry of images), which take minutes
 * the first time, one after the other beside the tests that need none. The tests that need one run the same build and
 * wait for this one; what goes wrong is theirs to tell.
 */
final class EarlyBuild implements AutoCloseable {
    private final Process process;

    private EarlyBuild(Process process) {
        this.process = process;
    }

    /** Begins them, where they can be built at all; what they say goes to target/early-builds.log. */
    static Optional<EarlyBuild> begin(Path home, boolean buildable) throws IOException {
        List<String> scripts = buildable ? scripts(home.resolve("e2e")) : List.of();
        if (scripts.isEmpty()) {
            return Optional.empty();
        }
        Path log = Files.createDirectories(home.resolve("target")).resolve("early-builds.log");
        // Nobody waits for them at first: tests with limits of time run beside them.
        List<String> command = new ArrayList<>(List.of("nice", "sh", "-c", "for build; do \"$build\"; done", "sh"));
        command.addAll(scripts);
        return Optional.of(new EarlyBuild(new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()));
    }

    private static List<String> scripts(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> programs = Files.list(folder)) {
            return programs.map(program -> program.resolve("build"))
                    .filter(build -> Files.isRegularFile(build) && Files.isExecutable(build))
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    /** Returns when all have ended. */
    void await() throws InterruptedException {
        process.waitFor();
    }

    /** Ends what has not ended. */
    @Override
    public void close() {
        // First who would begin the next.
        List<ProcessHandle> begun = process.descendants().toList();
        process.destroy();
        begun.forEach(ProcessHandle::destroy);
    }
}
