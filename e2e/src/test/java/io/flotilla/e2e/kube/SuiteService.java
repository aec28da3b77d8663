package io.flotilla.e2e.kube;

import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.fixtures.base.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** One service of the suite as a process of its own on free ports of the loopback interface. */
public final class SuiteService implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Path ROOT =
            Path.of(Objects.requireNonNull(System.getProperty("flotilla.root"), "flotilla.root"));
    private static final int OK = 200;

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = FreePort.next();
    private final int management = FreePort.next();
    private final Daemon process;

    /**
     * A service that was not started yet.
     *
     * @param module   "galley"
     * @param settings environment variables but for ports
     */
    public SuiteService(String module, Path folder, Map<String, String> settings) {
        Map<String, String> environment = new TreeMap<>(settings);
        environment.put("FLOTILLA_PORT", Integer.toString(port));
        environment.put("FLOTILLA_MANAGEMENT_PORT", Integer.toString(management));
        Path jar = ROOT.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseCompactObjectHeaders"));
        command.addAll(archive(jar.resolveSibling("classes.jsa")));
        command.addAll(List.of("-jar", jar.toString()));
        this.process = new Daemon(command, environment, folder.resolve(module + ".log"));
    }

    /** With the classes that the first mesh after the build left, a service starts with half the work. */
    private static List<String> archive(Path file) {
        return Files.exists(file)
                ? List.of("-XX:SharedArchiveFile=" + file, "-Xlog:cds*=off", "-Xlog:aot*=off")
                : List.of();
    }

    /** A Galley that reads a cluster. */
    public static SuiteService galley(Path folder, ApiServer api, Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("FLOTILLA_KUBERNETES_ENABLED", "true");
        all.put("FLOTILLA_KUBERNETES_KUBECONFIG", api.kubeconfig().toString());
        return new SuiteService("galley", folder, all);
    }

    public void start() {
        process.start();
    }

    public SuiteService startAndAwaitReady() {
        start();
        Eventually.holds(START, this::output, () -> process.alive() && status("/health/ready") == OK);
        return this;
    }

    /** As by kill -9. */
    public void kill() {
        process.kill();
    }

    /** Of what it serves. */
    public int port() {
        return port;
    }

    /** Of health, metrics and debugging. */
    public int managementPort() {
        return management;
    }

    public String output() {
        return process.output();
    }

    /** Status of a GET on the management port; 0 where there is no answer. */
    public int status(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build()).status();
    }

    /** What the management port answers; empty where it does not. */
    public String get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build()).body();
    }

    public String post(String path) {
        return send(HttpRequest.newBuilder(uri(path))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build())
                .body();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + management + path);
    }

    private record Answer(int status, String body) {}

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            return new Answer(0, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(0, "");
        }
    }

    @Override
    public void close() {
        process.close();
        http.close();
    }
}
