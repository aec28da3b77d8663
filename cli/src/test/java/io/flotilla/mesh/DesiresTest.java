package io.flotilla.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.envoy.bootstrap.MeshProxies;
import io.flotilla.mesh.component.Components;
import io.flotilla.mesh.component.PlatformObjects;
import io.flotilla.mesh.isolation.Isolation;
import io.flotilla.mesh.state.MeshSpec;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the local mesh reads of its folder. */
class DesiresTest {
    @TempDir
    private Path folder;

    private static String mesh(String config) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: '%s'}
                """.formatted(config);
    }

    private static String object(String spec) {
        return """
                apiVersion: networking.istio.io/v1beta1
                kind: ProxyConfig
                metadata: {name: all, namespace: default}
                spec: %s
                """.formatted(spec);
    }

    private static ProxyConfig said(MeshProxies proxies) {
        return proxies.of("default", Map.of(), ProxyConfig.getDefaultInstance());
    }

    @Test
    void whatTheMeshSaysOfProxiesIsFollowedAndABrokenObjectDoesNotTakeItsPlace() throws IOException {
        StateFolder state = new StateFolder(folder);
        MeshSpec spec = new MeshSpec("m", "/home", "/jdk", "/envoy", Isolation.NONE, Map.of(), "strict", "", Map.of());
        Files.createDirectories(state.config());
        Files.createDirectories(state.runtime());
        Desires desires = new Desires(state, PlatformObjects.of(state, spec, new Components(state, spec, Map.of())));
        assertThat(said(desires.refresh().proxies()).hasConcurrency()).isFalse();

        Path config = Files.writeString(state.config().resolve("mesh.yaml"), mesh("{defaultConfig: {concurrency: 3}}"));
        assertThat(said(desires.refresh().proxies()).getConcurrency().getValue())
                .isEqualTo(3);
        Path own = Files.writeString(state.config().resolve("own.yaml"), object("{concurrency: 4}"));
        assertThat(said(desires.refresh().proxies()).getConcurrency().getValue())
                .isEqualTo(4);

        Files.writeString(own, object("{concurrency: many, environmentVariables: {A: b}}"));
        Files.writeString(config, mesh("{defaultConfig: {concurrency: [], meshId: m}}"));
        ProxyConfig kept = said(desires.refresh().proxies());
        assertThat(kept.getConcurrency().getValue()).isEqualTo(4);
        assertThat(kept.getMeshId()).isEmpty();

        Files.delete(own);
        assertThat(said(desires.refresh().proxies()).getConcurrency().getValue())
                .isEqualTo(3);
    }
}
