package io.flotilla.citadel.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.citadel.root.RootStore;
import io.flotilla.identity.KeyKind;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootSecretTest {
    private static final String PATH = "/api/v1/namespaces/istio-system/secrets/istio-ca-secret";

    private FakeApiServer server;
    private Path credentials;

    @BeforeEach
    void start(@TempDir Path credentials) throws IOException {
        this.credentials = credentials;
        server = new FakeApiServer(credentials);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Authority open() throws IOException {
        return new RootSecret(server.api(), "istio-system", "istio-ca-secret")
                .loadOrCreate(
                        new RootStore.NewRoot(new TrustDomain("cluster.local"), Duration.ofDays(3650), KeyKind.EC_P256),
                        Instant.now(),
                        new SecureRandom());
    }

    @Test
    void isMadeOnceInTheClassicForm() throws IOException {
        Authority first = open();
        assertThat(open().fingerprint()).isEqualTo(first.fingerprint());
        assertThat(server.writes).containsExactly("create " + PATH);
        assertThat(Json.textAt(server.objects.getOrDefault(PATH, Json.texts(Map.of())), "type"))
                .isEqualTo("istio.io/ca-root");
    }

    @Test
    void theReplicaThatComesSecondTakesTheRootOfTheFirst() throws IOException {
        Authority[] first = new Authority[1];
        server.beforeCreate = () -> {
            server.beforeCreate = () -> {};
            try {
                first[0] = open();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
        assertThat(open().fingerprint()).isEqualTo(first[0].fingerprint());
        assertThat(server.writes).hasSize(1);
    }

    @Test
    void aDamagedSecretIsNotReplaced() throws IOException {
        open();
        server.objects.put(PATH, Json.texts(Map.of("kind", "Secret")));
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("istio-system/istio-ca-secret");
        assertThat(server.writes).hasSize(1);
    }

    @Test
    void saysWhatTheApiServerRefuses() throws IOException {
        Files.writeString(credentials.resolve("token"), "stale");
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("401");
    }
}
