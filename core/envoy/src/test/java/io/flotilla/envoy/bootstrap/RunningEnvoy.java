package io.flotilla.envoy.bootstrap;

import io.flotilla.fixtures.base.FreePort;
import io.flotilla.fixtures.envoy.EnvoyRun;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A real Envoy of a test. */
final class RunningEnvoy {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();

    private RunningEnvoy() {}

    /** The exit code of a validation; skips the test where there is no binary. */
    static int validate(Path bootstrap, Path output) throws IOException, InterruptedException {
        return run(bootstrap, output, "--mode", "validate").exit();
    }

    /** Starts it; skips the test where there is no binary. */
    static EnvoyRun start(Path bootstrap, Path output) throws IOException {
        return run(bootstrap, output);
    }

    private static EnvoyRun run(Path bootstrap, Path output, String... more) throws IOException {
        List<String> options = Stream.concat(
                        Stream.of(
                                "-c",
                                bootstrap.toString(),
                                "--disable-hot-restart",
                                "--concurrency",
                                "1",
                                "-l",
                                "warning"),
                        Stream.of(more))
                .toList();
        return EnvoyRun.start(options, Map.of(), output);
    }

    /** The status, or -1 where nobody listens. */
    static int status(Address address, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                .timeout(Duration.ofSeconds(30))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static StaticListeners freeListeners() {
        return new StaticListeners(free(), free(), free(), free());
    }

    private static Address free() {
        return new Address("127.0.0.1", FreePort.next());
    }
}
