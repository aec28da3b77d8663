package io.flotilla.citadel.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.flotilla.fixtures.identity.TestAuthority;
import io.flotilla.identity.ServiceAccount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedSecretsTest {
    private static final ServiceAccount CART = new ServiceAccount("shop", "cart");
    private static final String ROOT = TestAuthority.of("cluster").authority().certificatePem();

    private final List<Struct> asked = new ArrayList<>();
    private volatile boolean allowed = true;

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path credentials;

    @SuppressWarnings("NullAway.Init") // by start()
    private FakeApiServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeApiServer(credentials, "shop");
        server.onCreate = review -> {
            asked.add(review);
            return review.toBuilder()
                    .putFields(
                            "status",
                            Json.object(Struct.newBuilder()
                                    .putFields(
                                            "allowed",
                                            Value.newBuilder()
                                                    .setBoolValue(allowed)
                                                    .build())
                                    .build()))
                    .build();
        };
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void secret(String name, String... keysAndTexts) {
        Map<String, String> data = new TreeMap<>();
        for (int i = 0; i < keysAndTexts.length; i += 2) {
            data.put(
                    keysAndTexts[i],
                    Base64.getEncoder().encodeToString(keysAndTexts[i + 1].getBytes(StandardCharsets.UTF_8)));
        }
        server.objects.put(
                "/api/v1/namespaces/shop/secrets/" + name,
                Struct.newBuilder()
                        .putFields("metadata", Json.object(Json.metadata(name, Map.of())))
                        .putFields("data", Json.object(Json.texts(data)))
                        .build());
    }

    private Optional<Secret> read(String name) throws IOException {
        return new AllowedSecrets(server.api()).of(CART, name);
    }

    @Test
    void theAuthorityStandsBesideTheCertificateOrAlone() throws IOException {
        secret("bank", "ca.crt", ROOT);
        secret("other-cacert", "cacert", ROOT);
        for (String name : List.of("kubernetes://bank-cacert", "kubernetes://other-cacert")) {
            Secret found = read(name).orElseThrow();
            assertThat(found.getName()).isEqualTo(name);
            assertThat(found.getValidationContext()
                            .getTrustedCa()
                            .getInlineBytes()
                            .toStringUtf8())
                    .isEqualTo(ROOT);
        }
        assertThat(read("kubernetes://bank")).as("it has no certificate").isEmpty();
        assertThat(read("kubernetes://none-cacert")).isEmpty();
    }

    @Test
    void theClusterIsAskedWhetherThisAccountMayReadThisSecret() throws IOException {
        secret("bank", "ca.crt", ROOT);
        read("kubernetes://bank-cacert");
        Struct spec = Json.at(asked.getFirst(), "spec");
        assertThat(Json.textAt(spec, "user")).isEqualTo("system:serviceaccount:shop:cart");
        assertThat(List.of("namespace", "verb", "resource", "name"))
                .extracting(field -> Json.textAt(spec, "resourceAttributes", field))
                .containsExactly("shop", "get", "secrets", "bank");
    }

    @Test
    void whoMayNotReadItGetsNothing() throws IOException {
        secret("bank", "ca.crt", ROOT);
        allowed = false;
        assertThat(read("kubernetes://bank-cacert")).isEmpty();
        assertThat(asked).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"kubernetes://../../other/secrets/bank", "kubernetes://", "kubernetes://a?b", "kubernetes://A"})
    void whatIsNoNameIsNotEvenAskedFor(String name) throws IOException {
        assertThat(read(name)).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void whatCannotBeUsedIsAFailureAndNotNothing() {
        secret("bank", "tls.crt", ROOT);
        assertThatThrownBy(() -> read("kubernetes://bank"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("shop/bank: it has a certificate but no key");
    }
}
