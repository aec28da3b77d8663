package io.flotilla.citadel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.fixtures.envoy.EnvoyRun;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An Envoy process with a bootstrap of its own; all its ports are free ones. */
final class RealEnvoy implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern VALUE = Pattern.compile(": (\\d+)");
    private static final Pattern PORT = Pattern.compile("\"port_value\":\\s*(\\d+)");

    private final EnvoyRun run;
    private final Path folder;
    private final HttpClient http = HttpClient.newHttpClient();

    private RealEnvoy(EnvoyRun run, Path folder) {
        this.run = run;
        this.folder = folder;
    }

    static RealEnvoy start(Path folder, String bootstrap) throws IOException {
        Path file = Files.writeString(folder.resolve("envoy.yaml"), bootstrap);
        EnvoyRun run = EnvoyRun.start(
                List.of(
                        "-c",
                        file.toString(),
                        "--use-dynamic-base-id",
                        "--concurrency",
                        "1",
                        "--log-level",
                        "warning",
                        "--admin-address-path",
                        folder.resolve("admin").toString()),
                Map.of(),
                folder.resolve("envoy.log"));
        return new RealEnvoy(run, folder);
    }

    /** What the admin port answers to this path, once it answers what is expected. */
    String awaitAdmin(String path, Predicate<String> expected) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() < end) {
            assertThat(run.isRunning()).as(() -> "envoy: " + run.log()).isTrue();
            last = admin(path);
            if (expected.test(last)) {
                return last;
            }
            LockSupport.parkNanos(50_000_000);
        }
        throw new AssertionError("envoy answers to " + path + ": " + last + "; its log: " + run.log());
    }

    private String admin(String path) throws IOException, InterruptedException {
        Path address = folder.resolve("admin");
        String at = Files.exists(address) ? Files.readString(address).strip() : "";
        if (at.isEmpty()) {
            return "";
        }
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://" + at + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (java.net.ConnectException e) {
            return "";
        }
    }

    /** The port of its only listener. */
    int port() throws IOException, InterruptedException {
        String listeners =
                awaitAdmin("/listeners?format=json", text -> PORT.matcher(text).find());
        Matcher port = PORT.matcher(listeners);
        assertThat(port.find()).isTrue();
        return Integer.parseInt(port.group(1));
    }

    /** Waits until a counter has at least this value. */
    void awaitCounter(String name, long atLeast) throws IOException, InterruptedException {
        awaitAdmin("/stats?filter=%5E" + name + "$", text -> {
            Matcher value = VALUE.matcher(text);
            return value.find() && Long.parseLong(value.group(1)) >= atLeast;
        });
    }

    @Override
    public void close() {
        run.close();
    }
}
