package io.flotilla.e2e.kube;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real Envoy with a bootstrap of its own, and who asks it. */
final class EnvoyDaemon implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Daemon process;

    /**
     * Starts it.
     *
     * @param file      where the bootstrap is written; its ending says in which form it is
     * @param bootstrap in YAML or JSON
     * @param pod       its name, which Envoy reads from its environment
     */
    EnvoyDaemon(Path file, String bootstrap, String pod, String namespace) throws IOException {
        Files.writeString(file, bootstrap);
        String binary = Optional.ofNullable(System.getenv("FLOTILLA_ENVOY")).orElse("envoy");
        this.process = new Daemon(
                List.of(binary, "-c", file.toString(), "--use-dynamic-base-id", "--concurrency", "1", "-l", "warn"),
                Map.of("POD_NAME", pod, "POD_NAMESPACE", namespace),
                file.resolveSibling("envoy.log"));
        process.start();
    }

    /** What it answers to a GET at a local port; empty where nobody answers. */
    Optional<HttpResponse<String>> get(int port, String path) {
        try {
            return Optional.of(http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    String output() {
        return process.output();
    }

    @Override
    public void close() {
        process.close();
        http.close();
    }
}
