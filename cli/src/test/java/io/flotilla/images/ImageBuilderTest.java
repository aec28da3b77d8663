package io.flotilla.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.injection.InitScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBuilderTest {
    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // by prepare()
    private Base base;

    @SuppressWarnings("NullAway.Init") // by prepare()
    private ImagePlans.Sources sources;

    @BeforeEach
    void prepare() throws Exception {
        base = Base.of("tar:" + BaseTar.create(folder));
        Path envoy = Files.writeString(folder.resolve("envoy"), "envoy");
        sources = new ImagePlans.Sources(Checkout.create(folder.resolve("home"), "pilot", "gateway"), () -> envoy);
    }

    private BuiltImage build(String name, String cache) throws IOException, InterruptedException {
        ImageBuilder.Settings settings = new ImageBuilder.Settings(
                "0.1.0", "amd64", folder.resolve(cache), new RegistryRules(Set.of()), Map.of());
        return new ImageBuilder(settings, said::add)
                .build(ImagePlans.of(name, sources), base, new Target.Folder(folder.resolve("out")));
    }

    private ImageTar image(String name) throws IOException, InterruptedException {
        return ImageTar.read(Path.of(build(name, "cache").file()));
    }

    private static List<String> words(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @Test
    void aServiceStartsByItselfAsNobody() throws Exception {
        ImageTar image = image("pilot");

        assertThat(image.tags()).containsExactly("flotilla/pilot:0.1.0");
        JsonNode config = image.config().get("config");
        assertThat(words(config.get("Entrypoint"))).containsExactly("java", "-jar", "/opt/flotilla/quarkus-run.jar");
        assertThat(config.get("User").asText()).isEqualTo("65532:65532");
        assertThat(words(config.get("Env"))).containsExactly("PATH=/opt/java/openjdk/bin:/bin");
        assertThat(config.get("Labels").get("org.opencontainers.image.title").asText())
                .isEqualTo("flotilla/pilot");
        assertThat(config.get("Labels").get("org.opencontainers.image.version").asText())
                .isEqualTo("0.1.0");
        assertThat(config.get("Labels").get("org.opencontainers.image.licenses").asText())
                .isEqualTo("Apache-2.0");
        // A path of this machine is nobody's business.
        assertThat(config.get("Labels").has("org.opencontainers.image.base.name"))
                .isFalse();
        assertThat(image.config().get("os").asText()).isEqualTo("linux");
        assertThat(image.config().get("architecture").asText()).isEqualTo("amd64");
    }

    @Test
    void librariesOfOthersAreALayerOfTheirOwn() throws Exception {
        ImageTar image = image("pilot");

        assertThat(image.layers()).hasSize(3);
        assertThat(image.layers().get(0)).containsOnlyKeys("/etc/os-release");
        assertThat(image.layers().get(1)).containsOnlyKeys("/opt/flotilla/lib/org.other.other-1.jar");
        assertThat(image.layers().get(2))
                .containsOnlyKeys(
                        "/opt/flotilla/lib/io.flotilla.flotilla-core-api-1.jar", "/opt/flotilla/quarkus-run.jar")
                .containsEntry("/opt/flotilla/quarkus-run.jar", new ImageTar.File("run pilot", 0644, 1, 0));
    }

    @Test
    void aGatewayFindsItsEnvoy() throws Exception {
        ImageTar image = image("gateway");

        assertThat(image.layers()).hasSize(4);
        assertThat(image.layers().get(1))
                .containsOnly(Map.entry("/opt/flotilla/envoy", new ImageTar.File("envoy", 0755, 1, 0)));
        assertThat(words(image.config().get("config").get("Env")))
                .contains("FLOTILLA_GATEWAY_ENVOY_PATH=/opt/flotilla/envoy");
    }

    @Test
    void theInitContainersImageRunsWhatTheInjectorSays() throws Exception {
        ImageTar image = image("proxy-init");

        assertThat(image.layers()).hasSize(1);
        assertThat(words(image.config().get("config").get("Entrypoint"))).isEqualTo(InitScript.command());
        assertThat(image.config().get("config").get("User").asText()).isEqualTo("0:0");
    }

    @Test
    void twoBuildsOfTheSameFilesAreOneImage() throws Exception {
        BuiltImage first = build("gateway", "one");
        byte[] bytes = Files.readAllBytes(Path.of(first.file()));
        Path jar = sources.home().resolve("gateway/target/quarkus-app/quarkus-run.jar");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
        assertThat(jar.toFile().setReadable(false, false)).isTrue();
        assertThat(jar.toFile().setReadable(true, true)).isTrue();

        assertThat(build("gateway", "other")).isEqualTo(first);
        assertThat(Path.of(first.file())).hasBinaryContent(bytes);

        Files.writeString(jar, "another");
        assertThat(build("gateway", "other").digest()).isNotEqualTo(first.digest());
    }

    @Test
    void nothingIsWrittenBesideCacheAndTarget() throws Exception {
        build("pilot", "cache");

        assertThat(folder.resolve("out")).isDirectoryContaining("glob:**/pilot.tar");
        assertThat(folder.resolve("out").toFile().list()).hasSize(1);
        assertThat(folder.resolve("cache").toFile().list()).containsExactlyInAnyOrder("bases", "layers");
    }

    @Test
    void progressIsTold() throws Exception {
        build("pilot", "cache");

        assertThat(said).contains("pilot: Building libraries layer...", "pilot: Building image to tar file...");
    }

    @Test
    void whatIsMissingIsNamed() {
        base = Base.of("tar:" + folder.resolve("none.tar"));
        assertThatThrownBy(() -> build("pilot", "cache"))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no base " + folder.resolve("none.tar"));
        base = Base.of("No Image");
        assertThatThrownBy(() -> build("pilot", "cache"))
                .isInstanceOf(IOException.class)
                .hasMessage("pilot: \"No Image\" is not the name of an image");
        base = Base.of("localhost:1/base:1");
        assertThatThrownBy(() -> build("pilot", "cache"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("pilot: ")
                .hasMessageContaining("localhost:1");
        assertThat(folder.resolve("out").toFile().list()).isEmpty();
    }

    @Test
    void aServiceThatIsNotBuiltIsNamed() {
        assertThatThrownBy(() -> ImagePlans.of("galley", sources))
                .isInstanceOf(java.nio.file.NoSuchFileException.class)
                .hasMessageContaining("galley/target/quarkus-app");
    }
}
