package io.flotilla.mesh.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a short command answered.
 *
 * @param exit its exit code; 127 where it could not be started, 124 where it took too long
 */
public record Output(int exit, String out, String err) {
    private static final Duration LEFT_BEHIND = Duration.ofSeconds(5);

    public static Output of(List<String> command, Map<String, String> environment, Duration limit) {
        return of(command, environment, "", limit);
    }

    /** Runs a command to its end with that text on its input. */
    public static Output of(List<String> command, Map<String, String> environment, String input, Duration limit) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PATH", Tool.searchPath());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            FutureTask<String> out = reader(process.getInputStream());
            FutureTask<String> err = reader(process.getErrorStream());
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                // What it has started may hold its output open.
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                return new Output(
                        124, said(out), command.getFirst() + " did not end within " + limit.toSeconds() + " s");
            }
            return new Output(process.exitValue(), said(out), said(err));
        } catch (IOException | ExecutionException e) {
            return new Output(127, "", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Output(124, "", "interrupted");
        }
    }

    private static FutureTask<String> reader(InputStream stream) {
        FutureTask<String> task = new FutureTask<>(() -> new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        Thread.ofVirtual().start(task);
        return task;
    }

    // A process that it left behind may hold its output open for ever.
    private static String said(FutureTask<String> text) throws InterruptedException, ExecutionException {
        try {
            return text.get(LEFT_BEHIND.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return "";
        }
    }

    public boolean ok() {
        return exit == 0;
    }
}
