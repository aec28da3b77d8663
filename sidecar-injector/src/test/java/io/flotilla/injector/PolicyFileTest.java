package io.flotilla.injector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Int32Value;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Origin;
import io.flotilla.config.platform.MeshConfigMap;
import io.flotilla.injection.Injection;
import io.flotilla.injection.InjectionSettings;
import io.flotilla.injection.PodContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that the injector follows. */
class PolicyFileTest {
    @TempDir
    private Path folder;

    private static String injected(PolicyFile files) {
        Injection injection = files.inForce()
                .inject(
                        Map.of(
                                "metadata",
                                Map.of("name", "app"),
                                "spec",
                                Map.of("containers", List.of(Map.of("name", "app", "image", "app")))),
                        new PodContext("default", "", Map.of("istio-injection", "enabled")));
        return injection.toString();
    }

    @Test
    void theMeshsDefaultConfigHoldsForPodsAndABrokenOneDoesNotTakeItsPlace() throws IOException {
        Path mesh = Files.writeString(folder.resolve("mesh"), "defaultConfig: {concurrency: 7}");
        Path policy = Files.writeString(folder.resolve("config"), "policy: enabled");
        PolicyFile files = new PolicyFile(InjectionSettings.defaults(), Optional.of(policy), Optional.of(mesh));
        files.reload();
        assertThat(injected(files)).contains("--concurrency, 7");

        Files.writeString(mesh, "defaultConfig: {concurrency: many}");
        files.reload();
        assertThat(injected(files)).contains("--concurrency, 7");

        Files.writeString(mesh, "defaultConfig: {concurrency: 8}");
        Files.writeString(policy, "policy: disabled");
        files.reload();
        assertThat(injected(files)).startsWith("Skipped");
        Files.writeString(policy, "policy: enabled");
        files.reload();
        assertThat(injected(files)).contains("--concurrency, 8");
    }

    @Test
    void whatGalleyPublishesHoldsBeforeTheFile() throws IOException {
        Path mesh = Files.writeString(folder.resolve("mesh"), "defaultConfig: {concurrency: 7}");
        PolicyFile files = new PolicyFile(InjectionSettings.defaults(), Optional.empty(), Optional.of(mesh));
        files.reload();
        files.published(List.of());
        assertThat(injected(files)).contains("--concurrency, 7");

        MeshConfig said = MeshConfig.newBuilder()
                .setDefaultConfig(ProxyConfig.newBuilder().setConcurrency(Int32Value.of(9)))
                .build();
        files.published(
                List.of(new Config<>(MeshConfigMap.KEY, said, Map.of(), Map.of(), Instant.EPOCH, "1", Origin.NONE)));
        assertThat(injected(files)).contains("--concurrency, 9");
        Files.writeString(mesh, "defaultConfig: {concurrency: 8}");
        files.reload();
        assertThat(injected(files)).contains("--concurrency, 9");
    }
}
