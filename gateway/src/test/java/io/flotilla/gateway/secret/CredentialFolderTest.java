package io.flotilla.gateway.secret;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.flotilla.identity.credential.TlsCredential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialFolderTest {
    @TempDir
    private Path directory;

    private EdgeSecrets secrets;

    @BeforeEach
    void secrets() {
        secrets = new EdgeSecrets(Optional.of(directory), "istio-system", 1);
    }

    @Test
    void readsMountedSecretsAndManifests() throws Exception {
        place("bookinfo", "first", "first");
        manifest("other.yaml", "httpbin", "istio-system", "second");
        assertThat(reloaded().names()).containsExactly("bookinfo", "httpbin");
        assertThat(secrets.problems()).isEmpty();
    }

    @Test
    void secretsOfOtherNamespacesAreNotServed() throws Exception {
        manifest("foreign.yaml", "bookinfo", "default", "first");
        assertThat(reloaded().names()).isEmpty();
    }

    @Test
    void lastGoodCredentialStaysWhileFilesAreReplaced() throws Exception {
        place("bookinfo", "first", "first");
        reloaded();
        place("bookinfo", "second", "first");
        assertThat(reloaded().names()).containsExactly("bookinfo");
        assertThat(secrets.problems())
                .singleElement()
                .asString()
                .contains("credential bookinfo: key and certificate do not belong together")
                .doesNotContain("PRIVATE");
        place("bookinfo", "second", "second");
        assertThat(reloaded().problems()).isEmpty();
    }

    @Test
    void credentialThatIsGoneIsTakenBack() throws Exception {
        place("bookinfo", "first", "first");
        assertThat(reloaded().names()).containsExactly("bookinfo");
        Files.delete(directory.resolve("bookinfo/tls.crt"));
        Files.delete(directory.resolve("bookinfo/tls.key"));
        Files.delete(directory.resolve("bookinfo"));
        assertThat(reloaded().names()).isEmpty();
    }

    @Test
    void authorityIsASecretOfItsOwn() throws Exception {
        String chain = Files.readString(Path.of("src/test/resources/certificates/first-chain.pem"));
        String key = Files.readString(Path.of("src/test/resources/certificates/first-key.pem"));
        assertThat(new TlsCredential("a", chain, key, chain).secrets())
                .extracting(Secret::getName)
                .containsExactly("a", "a-cacert");
        assertThat(new TlsCredential("a-cacert", "", "", chain).secrets())
                .extracting(Secret::getName)
                .containsExactly("a-cacert");
    }

    private EdgeSecrets reloaded() {
        secrets.reload();
        return secrets;
    }

    private void place(String name, String chain, String key) throws IOException {
        Path folder = Files.createDirectories(directory.resolve(name));
        Files.copy(
                Path.of("src/test/resources/certificates/" + chain + "-chain.pem"),
                folder.resolve("tls.crt"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.copy(
                Path.of("src/test/resources/certificates/" + key + "-key.pem"),
                folder.resolve("tls.key"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private void manifest(String file, String name, String namespace, String pair) throws IOException {
        Files.writeString(directory.resolve(file), """
                apiVersion: v1
                kind: Secret
                type: kubernetes.io/tls
                metadata: {name: %s, namespace: %s}
                data:
                  tls.crt: %s
                  tls.key: %s
                """.formatted(
                        name, namespace, encoded(pair + "-chain.pem"), encoded(pair + "-key.pem")));
    }

    private static String encoded(String file) throws IOException {
        String text = Files.readString(Path.of("src/test/resources/certificates/" + file));
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
