package io.flotilla.mesh;

import io.flotilla.mesh.process.Marked;
import io.flotilla.mesh.process.PidFile;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends a mesh from its folder alone, whatever is left of it. Namespaces go with their last process. */
public final class Teardown {
    private static final Duration GRACE = Duration.ofSeconds(15);

    private Teardown() {}

    /** True if something ran. */
    public static boolean end(StateFolder state) throws IOException, InterruptedException {
        Optional<ProcessHandle> supervisor = PidFile.read(state.supervisorPid());
        Optional<ProcessHandle> launcher = PidFile.read(state.launcherPid());
        boolean ran = supervisor.isPresent()
                || launcher.isPresent()
                || !Marked.find(state.root()).isEmpty();
        supervisor.ifPresent(process -> end(process, GRACE));
        launcher.ifPresent(process -> end(process, GRACE));
        Marked.end(state.root(), Duration.ofSeconds(1));
        return ran;
    }

    private static void end(ProcessHandle process, Duration grace) {
        process.destroy();
        try {
            process.onExit().get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
