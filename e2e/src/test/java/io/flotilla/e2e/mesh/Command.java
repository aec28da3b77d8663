package io.flotilla.e2e.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command that was run to its end. */
public record Command(List<String> line, int exit, String out, String err) {
    /** Runs a command; its input is empty. An exit code other than 0 is for the caller to judge. */
    public static Command run(Path folder, Map<String, String> environment, Duration limit, List<String> line) {
        try {
            Path out = Files.createTempFile("flotilla-out", ".txt");
            Path err = Files.createTempFile("flotilla-err", ".txt");
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(folder.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        line + " did not end within " + limit + "\n" + Files.readString(err, StandardCharsets.UTF_8));
            }
            Command done =
                    new Command(List.copyOf(line), process.exitValue(), Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return done;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Command orFail() {
        if (exit != 0) {
            throw new AssertionError(line + " exited with " + exit + "\n" + out + err);
        }
        return this;
    }
}
