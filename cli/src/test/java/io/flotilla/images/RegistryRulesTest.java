package io.flotilla.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryRulesTest {
    @ParameterizedTest
    @CsvSource({
        "localhost:5000, true",
        "127.0.0.1:5000, true",
        "127.1.2.3, true",
        "[::1]:5000, true",
        "localhost.example.com, false",
        "127.0.0.1.example.com:5000, false",
        "10.0.0.1:5000, false",
        "registry-1.docker.io, false",
        "lab:5000, true",
        "lab:5001, false",
        "shed:5001, true",
    })
    void onlyLoopbackAndWhatTheUserNamesMayBeInsecure(String registry, boolean insecure) {
        assertThat(new RegistryRules(Set.of("lab:5000", "shed")).mayBeInsecure(registry))
                .isEqualTo(insecure);
    }

    @Test
    void credentialsAreThoseOfDockerThenOfPodman() {
        assertThat(RegistryRules.credentialFiles(Map.of("HOME", "/home/ann")))
                .containsExactly(Path.of("/home/ann/.docker/config.json"));
        assertThat(RegistryRules.credentialFiles(
                        Map.of("HOME", "/home/ann", "DOCKER_CONFIG", "/ci", "XDG_RUNTIME_DIR", "/run/user/7")))
                .containsExactly(Path.of("/ci/config.json"), Path.of("/run/user/7/containers/auth.json"));
        assertThat(RegistryRules.credentialFiles(
                        Map.of("HOME", "/h", "REGISTRY_AUTH_FILE", "/a.json", "XDG_RUNTIME_DIR", "/run/user/7")))
                .containsExactly(Path.of("/h/.docker/config.json"), Path.of("/a.json"));
    }
}
