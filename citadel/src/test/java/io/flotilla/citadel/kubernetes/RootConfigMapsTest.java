package io.flotilla.citadel.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootConfigMapsTest {
    private static final String SHOP = "/api/v1/namespaces/shop/configmaps/istio-ca-root-cert";
    private static final String DEFAULT = "/api/v1/namespaces/default/configmaps/istio-ca-root-cert";

    @Test
    void everyLivingNamespaceGetsTheRootAndWhatIsRightIsLeftAlone(@TempDir Path credentials) throws IOException {
        try (FakeApiServer server = new FakeApiServer(credentials, "default", "dying", "shop")) {
            RootConfigMaps maps = new RootConfigMaps(server.api(), () -> "PEM");
            assertThat(maps.publish()).isEmpty();
            assertThat(server.paths("configmaps")).containsExactly(DEFAULT, SHOP);
            server.writes.clear();
            assertThat(maps.publish()).isEmpty();
            assertThat(server.writes).isEmpty();
        }
    }

    @Test
    void anotherRootIsCorrectedAndOtherKeysStay(@TempDir Path credentials) throws IOException {
        try (FakeApiServer server = new FakeApiServer(credentials, "shop")) {
            server.objects.put(
                    SHOP,
                    Struct.newBuilder()
                            .putFields("data", Json.object(Json.texts(Map.of("root-cert.pem", "old", "other", "mine"))))
                            .build());
            assertThat(new RootConfigMaps(server.api(), () -> "PEM").publish()).isEmpty();
            Struct now = server.objects.getOrDefault(SHOP, Struct.getDefaultInstance());
            assertThat(Json.textAt(now, "data", "root-cert.pem")).isEqualTo("PEM");
            assertThat(Json.textAt(now, "data", "other")).isEqualTo("mine");
        }
    }
}
