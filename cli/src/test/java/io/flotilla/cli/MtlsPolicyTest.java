package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.config.store.MeshFolder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MtlsPolicyTest {
    private static final String OWN = """
            apiVersion: authentication.istio.io/v1alpha1
            kind: MeshPolicy
            metadata: {name: default}
            spec: {peers: [{mtls: {}}]}
            """;

    @ParameterizedTest
    @CsvSource({
        "permissive, false, PERMISSIVE",
        "strict, false, STRICT",
        "off, false, DISABLE",
        "permissive, true, PERMISSIVE",
        "strict, true, STRICT",
        "off, true, DISABLE",
    })
    void theMeshAcceptsWhatIsAskedFor(String mtls, boolean classic, MtlsMode mode) {
        assertThat(mode(MtlsPolicy.text(mtls, classic))).isEqualTo(mode);
    }

    @Test
    void whatIsUsualStandsInTheWayOfNoPolicy() {
        assertThat(mode(MtlsPolicy.text("permissive", false) + OWN)).isEqualTo(MtlsMode.STRICT);
        // Of 1.1 it has the name that a user's own has, which takes its place.
        assertThat(MtlsPolicy.text("permissive", true)).contains("kind: MeshPolicy", "name: default");
    }

    private static MtlsMode mode(String text) {
        return MeshFolder.read(Map.of("mesh.yaml", text)).snapshot().mtlsMode("shop", Map.of("app", "cart"), 80);
    }
}
