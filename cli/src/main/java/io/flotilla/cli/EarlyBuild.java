package io.flotilla.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The build of the API server of tests (e2e/kubemini), which takes minutes the first time, beside the tests that need
 * none. The tests that need it run the same build and wait for this one; what goes wrong is theirs to tell.
 */
final class EarlyBuild implements AutoCloseable {
    private final Process process;

    private EarlyBuild(Process process) {
        this.process = process;
    }

    /** Begins it, where it can be built at all; what it says goes to target/kubemini.log. */
    static Optional<EarlyBuild> begin(Path home, boolean buildable) throws IOException {
        Path script = home.resolve("e2e/kubemini/build");
        if (!buildable || !Files.isExecutable(script)) {
            return Optional.empty();
        }
        Path log = Files.createDirectories(home.resolve("target")).resolve("kubemini.log");
        // Nobody waits for it at first: tests with limits of time run beside it.
        return Optional.of(new EarlyBuild(new ProcessBuilder("nice", script.toString())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()));
    }

    /** Returns when it has ended. */
    void await() throws InterruptedException {
        process.waitFor();
    }

    /** Ends it where it has not ended. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }
}
