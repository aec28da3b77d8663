package io.flotilla.e2e.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.fixtures.base.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** CNCF's registry of images on the loopback interface, with TLS of its own authority and one user, in a folder. */
public final class ImageRegistry implements AutoCloseable {
    private static final Path ROOT =
            Path.of(Objects.requireNonNull(System.getProperty("flotilla.root"), "flotilla.root"));
    private static final Duration BUILD = Duration.ofMinutes(15);
    private static final Duration START = Duration.ofSeconds(30);
    private static final String USER = "tester:of-a-test";
    /** The same by bcrypt. */
    private static final String HASHED = "tester:$2a$04$Hhx1IRuLBvXJYD9pfRas9OJn8q0xE6ZpLXdjK.E8ZegGSY2BunrKm\n";

    private final Path folder;
    private final int port = FreePort.next();
    private final Pki pki;
    private final Daemon server;

    private ImageRegistry(Path folder, Path binary) throws IOException {
        this.folder = folder;
        this.pki = Pki.create(folder.resolve("pki")).server("registry");
        Path settings = Files.writeString(folder.resolve("registry.yml"), """
                version: 0.1
                log: {level: warn, accesslog: {disabled: true}}
                storage: {filesystem: {rootdirectory: "%s"}}
                http: {addr: "%s", tls: {certificate: "%s", key: "%s"}}
                auth: {htpasswd: {realm: tests, path: "%s"}}
                """.formatted(
                        folder.resolve("data"),
                        address(),
                        folder.resolve("pki/registry.crt"),
                        folder.resolve("pki/registry.key"),
                        Files.writeString(folder.resolve("users"), HASHED)));
        String auth = Base64.getEncoder().encodeToString(USER.getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                Files.createDirectories(credentials()).resolve("config.json"), """
                {"auths": {"%s": {"auth": "%s"}}}
                """.formatted(address(), auth));
        this.server = new Daemon(
                List.of(binary.toString(), "serve", settings.toString()),
                Map.of("OTEL_TRACES_EXPORTER", "none"),
                folder.resolve("registry.log"));
    }

    /** Builds it unless that was done before, minutes the first time, and starts it in a folder. */
    public static ImageRegistry start(Path folder) throws IOException {
        Command built = Command.run(
                        ROOT,
                        Map.of(),
                        BUILD,
                        List.of(ROOT.resolve("e2e/registry/build").toString()))
                .orFail();
        ImageRegistry registry = new ImageRegistry(folder, Path.of(built.out().strip()));
        registry.server.start();
        try {
            Eventually.holds(
                    START,
                    () -> "the registry answers\n" + registry.server.output(),
                    () -> registry.get("/").exit() == 0);
            return registry;
        } catch (AssertionError e) {
            registry.close();
            throw e;
        }
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    /** A folder as DOCKER_CONFIG names it, as "docker login" leaves it. */
    public Path credentials() {
        return folder.resolve("docker");
    }

    /** The manifest of an image. */
    public JsonNode manifest(String repository, String reference) {
        return json(get(
                "/" + repository + "/manifests/" + reference,
                "-H",
                "Accept: application/vnd.docker.distribution.manifest.v2+json"));
    }

    /** The configuration that a manifest names. */
    public JsonNode config(String repository, JsonNode manifest) {
        return json(
                get("/" + repository + "/blobs/" + manifest.at("/config/digest").asText()));
    }

    /** One blob as a file. */
    public Path blob(String repository, String digest, Path file) {
        get("/" + repository + "/blobs/" + digest, "-o", file.toString()).orFail();
        return file;
    }

    private static JsonNode json(Command answer) {
        try {
            return new ObjectMapper().readTree(answer.orFail().out());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Command get(String path, String... options) {
        List<String> line = new ArrayList<>(List.of("curl", "-sSf", "-m", "60", "-u", USER));
        line.addAll(List.of("--cacert", pki.authority().toString()));
        line.addAll(List.of(options));
        line.add("https://" + address() + "/v2" + path);
        return Command.run(folder, Map.of(), Duration.ofMinutes(2), line);
    }

    @Override
    public void close() {
        server.close();
    }
}
