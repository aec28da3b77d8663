package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.e2e.kube.ImageRegistry;
import io.flotilla.e2e.kube.UnpackedImage;
import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Images that the command pushes to a real registry, and containers of them as deploy/kustomize starts them. */
@OfServices
class ImagesIT {
    private static final Path ROOT =
            Path.of(System.getProperty("flotilla.root")).toAbsolutePath().normalize();
    private static final Duration BUILD = Duration.ofMinutes(5);
    private static final Duration START = Duration.ofMinutes(2);
    private static final String TAG = "0.1.0";

    @TempDir
    static Path shared;

    @SuppressWarnings("NullAway.Init") // by push()
    private static ImageRegistry registry;

    @SuppressWarnings("NullAway.Init") // by push()
    private static Path base;

    @SuppressWarnings("NullAway.Init") // by push()
    private static JsonNode pushed;

    @BeforeAll
    static void push() throws IOException {
        registry = ImageRegistry.start(shared);
        base = base(shared);
        Command built = images(
                registry.credentials(),
                "--to",
                registry.address() + "/mesh",
                "--base",
                "java=tar:" + base,
                "--base",
                "init=tar:" + base,
                "-o",
                "json");
        pushed = new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(built.orFail().out())
                .get("images");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static Command images(Path credentials, String... options) {
        List<String> line = new ArrayList<>(List.of(ROOT.resolve("flotilla").toString(), "images"));
        line.addAll(List.of(options));
        return Command.run(
                ROOT,
                Map.of(
                        "FLOTILLA_NO_BUILD", "1",
                        "DOCKER_CONFIG", credentials.toString(),
                        "XDG_CACHE_HOME", shared.resolve("cache").toString()),
                BUILD,
                line);
    }

    /** A base without content: where java is to be found is all that it says. */
    private static Path base(Path folder) throws IOException {
        Path work = Files.createDirectories(folder.resolve("base"));
        Files.createDirectories(work.resolve("layer/etc"));
        Files.writeString(work.resolve("layer/etc/os-release"), "ID=tests\n");
        run(work, "tar", "-cf", "layer.tar", "-C", "layer", ".");
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Files.writeString(work.resolve("config.json"), """
                {"architecture": "%s", "os": "linux", "rootfs": {"type": "layers", "diff_ids": ["sha256:%s"]}, "config":
                  {"Env": ["PATH=/opt/java/openjdk/bin:/usr/sbin:/usr/bin:/sbin:/bin"], "Entrypoint": ["/of-the-base"]}}
                """.formatted(architecture, sha256(work.resolve("layer.tar"))));
        Files.writeString(work.resolve("manifest.json"), """
                [{"Config": "config.json", "RepoTags": ["base:1"], "Layers": ["layer.tar"]}]
                """);
        run(work, "tar", "-cf", "../base.tar", "manifest.json", "config.json", "layer.tar");
        return folder.resolve("base.tar");
    }

    private static void run(Path folder, String... line) {
        Command.run(folder, Map.of(), BUILD, List.of(line)).orFail();
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void allOfThemAreInTheRegistryByTagAndDigest() {
        assertThat(pushed).hasSize(7).allSatisfy(image -> {
            String repository = "mesh/" + image.get("name").asText();
            assertThat(image.get("image").asText()).isEqualTo(registry.address() + "/" + repository + ":" + TAG);
            JsonNode manifest = registry.manifest(repository, TAG);
            assertThat(registry.manifest(repository, image.get("digest").asText()))
                    .isEqualTo(manifest);
            assertThat(manifest.at("/config/digest").asText())
                    .isEqualTo(image.get("id").asText());
        });
    }

    @Test
    void whoIsNotLoggedInIsToldSo() {
        Command refused = images(
                shared.resolve("nobody"),
                "--to",
                registry.address() + "/mesh",
                "--only",
                "proxy-init",
                "--base",
                "init=tar:" + base);

        assertThat(refused.err()).contains("the registry refuses " + registry.address() + "/mesh/proxy-init");
        assertThat(refused.exit()).as(refused.err()).isEqualTo(2);
    }

    @Test
    void aBaseComesFromARegistryTooAndIsNamed() {
        String init = registry.address() + "/mesh/proxy-init:" + TAG;
        images(
                        registry.credentials(),
                        "--to",
                        registry.address() + "/again",
                        "--only",
                        "proxy-init",
                        "--base",
                        "init=" + init)
                .orFail();

        JsonNode again = registry.manifest("again/proxy-init", TAG);
        assertThat(again.get("layers"))
                .isEqualTo(registry.manifest("mesh/proxy-init", TAG).get("layers"));
        assertThat(registry.config("again/proxy-init", again)
                        .at("/config/Labels")
                        .get("org.opencontainers.image.base.name")
                        .asText())
                .isEqualTo(init);
    }

    @Test
    void pilotRunsFromItsImageAsItsDeploymentStartsIt() throws IOException {
        UnpackedImage image =
                UnpackedImage.of(registry, "mesh/pilot", TAG, Files.createDirectories(shared.resolve("pilot")));

        Path app = ROOT.resolve("pilot/target/quarkus-app");
        assertThat(image.file("/opt/flotilla/quarkus-run.jar")).hasSameBinaryContentAs(app.resolve("quarkus-run.jar"));
        List<Path> jars = jars(app.resolve("lib"));
        assertThat(jars(image.file("/opt/flotilla/lib"))).hasSameSizeAs(jars).hasSizeGreaterThan(50);
        assertThat(jars)
                .allSatisfy(jar -> assertThat(image.file("/opt/flotilla/lib/" + jar.getFileName()))
                        .hasSameBinaryContentAs(jar));

        List<String> written = mounts("pilot");
        try (UnpackedImage.Container pilot = image.start(environment("pilot"), written, shared.resolve("pilot/log"))) {
            Eventually.answered(
                    START,
                    "Pilot lives",
                    () -> pilot.get("http://127.0.0.1:15014/health/live"),
                    answer -> answer.contains("\"status\": \"UP\""));
            assertThat(pilot.output()).contains("Picked up JAVA_TOOL_OPTIONS").doesNotContain("Read-only file system");
        }
    }

    @Test
    void aGatewayRunsTheEnvoyOfItsImage() throws IOException {
        UnpackedImage image =
                UnpackedImage.of(registry, "mesh/gateway", TAG, Files.createDirectories(shared.resolve("gateway")));

        List<String> written = mounts("ingressgateway");
        try (UnpackedImage.Container gateway =
                image.start(environment("ingressgateway"), written, shared.resolve("gateway/log"))) {
            Eventually.answered(
                    START,
                    "the gateway's Envoy answers",
                    () -> gateway.get("http://127.0.0.1:15000/server_info"),
                    answer -> answer.contains("\"service_cluster\"") || answer.contains("\"command_line_options\""));
            assertThat(gateway.get("http://127.0.0.1:15014/health/live")).contains("\"status\": \"UP\"");
        }
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static Map<?, ?> container(String component) throws IOException {
        Path file = ROOT.resolve("deploy/kustomize/base").resolve(component).resolve("deployment.yaml");
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        Object spec = at(at(at(tree, "spec"), "template"), "spec");
        return (Map<?, ?>) Objects.requireNonNull(((List<?>) at(spec, "containers")).getFirst());
    }

    /** Where a Deployment's container has volumes; here they are all empty. */
    private static List<String> mounts(String component) throws IOException {
        return ((List<?>) at(container(component), "volumeMounts"))
                .stream().map(each -> at(each, "mountPath").toString()).toList();
    }

    /** The variables of a Deployment's container; what the pod tells of itself is put in. */
    private static Map<String, String> environment(String component) throws IOException {
        Map<String, String> facts =
                Map.of("metadata.namespace", "istio-system", "metadata.name", "pod-0", "status.podIP", "127.0.0.1");
        Map<String, String> environment = new LinkedHashMap<>();
        for (Object each : (List<?>) at(container(component), "env")) {
            Map<?, ?> variable = (Map<?, ?>) Objects.requireNonNull(each);
            String value = variable.containsKey("value")
                    ? at(variable, "value").toString()
                    : facts.get(at(at(at(variable, "valueFrom"), "fieldRef"), "fieldPath")
                            .toString());
            environment.put(at(variable, "name").toString(), Objects.requireNonNull(value));
        }
        return environment;
    }

    private static Object at(Object tree, String key) {
        return Objects.requireNonNull(((Map<?, ?>) tree).get(key), key);
    }
}
