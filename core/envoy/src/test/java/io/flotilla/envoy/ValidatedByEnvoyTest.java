package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.mesh.RealEnvoy;
import io.flotilla.envoy.mesh.StaticBootstrap;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A NACK is our mistake: everything that translation makes must be good to the real binary. */
class ValidatedByEnvoyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "virtual-service-all-v1",
                "virtual-service-reviews-80-20",
                "virtual-service-reviews-jason-v2-v3",
                "virtual-service-ratings-test-delay",
                "virtual-service-ratings-test-abort"
            })
    void takesTheSidecarOfBookinfo(String example, @TempDir Path directory) throws Exception {
        MeshSnapshot mesh = MeshFiles.bookinfo("bookinfo-gateway", "destination-rule-all", example);
        accepts(Translator.translate(mesh, Proxies.sidecar("reviews", "v1")), directory);
    }

    @Test
    void takesTheIngressGatewayOfBookinfo(@TempDir Path directory) throws Exception {
        MeshSnapshot mesh = MeshFiles.bookinfo("bookinfo-gateway", "destination-rule-all");
        EnvoyResources resources = Translator.translate(mesh, Proxies.ingress());
        assertThat(resources.listeners()).hasSize(1);
        accepts(resources, directory);
    }

    private static void accepts(EnvoyResources resources, Path directory) throws Exception {
        assertThat(RealEnvoy.complaint(StaticBootstrap.of(resources), directory))
                .isEmpty();
    }
}
