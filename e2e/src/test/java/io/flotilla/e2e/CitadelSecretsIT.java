package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.kube.ApiServer;
import io.flotilla.e2e.kube.OpensslIssuer;
import io.flotilla.e2e.kube.SuiteService;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.identity.authority.Certificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Citadel against a real Kubernetes API: an issuer of cert-manager signs, and service accounts get their Secrets. */
class CitadelSecretsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private static String account(String namespace, String name) {
        return """
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: %s, namespace: %s}
                """.formatted(name, namespace);
    }

    private Map<String, String> settings(ApiServer api, OpensslIssuer manager) throws IOException {
        Path credentials = Files.createDirectories(folder.resolve("credentials"));
        Files.writeString(credentials.resolve("token"), api.token());
        Files.copy(api.pki().authority(), credentials.resolve("ca.crt"));
        Files.writeString(folder.resolve("jwks.json"), "{\"keys\": []}");
        return Map.of(
                "FLOTILLA_KUBERNETES_API", api.url(),
                "FLOTILLA_KUBERNETES_CREDENTIALS", credentials.toString(),
                "FLOTILLA_JWKS_FILE", folder.resolve("jwks.json").toString(),
                "FLOTILLA_CERT_MANAGER_ISSUER", "ClusterIssuer/corporate",
                "FLOTILLA_ROOT_FILE", manager.root().toString(),
                "FLOTILLA_ACCOUNT_SECRETS", "shop");
    }

    private static String file(ApiServer api, String secret, String key) {
        String encoded = api.kubectl("get", "secret", secret, "-n", "shop", "-o", "jsonpath={.data." + key + "}")
                .out();
        return new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.US_ASCII);
    }

    @Test
    void secretsComeGoAndComeBackWithTheirAccounts() throws IOException {
        try (ApiServer api = ApiServer.start(folder)) {
            api.applyOrFail("""
                    apiVersion: v1
                    kind: Namespace
                    metadata: {name: shop}
                    ---
                    apiVersion: v1
                    kind: Namespace
                    metadata: {name: other}
                    ---
                    apiVersion: v1
                    kind: Namespace
                    metadata: {name: istio-system}
                    """ + account("shop", "cart") + account("other", "cart"));
            try (OpensslIssuer manager = OpensslIssuer.start(folder, api);
                    SuiteService citadel =
                            new SuiteService("citadel", folder, settings(api, manager)).startAndAwaitReady()) {
                awaitSecret(api, citadel, "istio.cart");
                String first = file(api, "istio.cart", "cert-chain\\.pem");
                assertThat(Certificates.uris(
                                Certificates.parse(first).orElseThrow().getFirst()))
                        .containsExactly("spiffe://cluster.local/ns/shop/sa/cart");
                assertThat(manager.accepts(first)).isTrue();
                assertThat(file(api, "istio.cart", "root-cert\\.pem"))
                        .isEqualTo(Certificates.pem(Certificates.parse(Files.readString(manager.root()))
                                .orElseThrow()));
                assertThat(api.kubectl("get", "secret", "istio.cart", "-n", "shop", "-o", "jsonpath={.type}")
                                .out())
                        .isEqualTo("istio.io/key-and-cert");

                api.kubectl("delete", "secret", "istio.cart", "-n", "shop").orFail();
                api.applyOrFail(account("shop", "ratings"));
                awaitSecret(api, citadel, "istio.cart");
                awaitSecret(api, citadel, "istio.ratings");
                assertThat(file(api, "istio.cart", "cert-chain\\.pem")).isNotEqualTo(first);

                api.kubectl("delete", "serviceaccount", "ratings", "-n", "shop").orFail();
                Eventually.holdsSlowly(
                        LIMIT,
                        citadel::output,
                        () -> api.kubectl("get", "secret", "istio.ratings", "-n", "shop")
                                        .exit()
                                != 0);
                assertThat(api.kubectl("get", "secret", "-n", "shop", "-o", "name")
                                .out())
                        .contains("istio.cart");
                assertThat(api.kubectl("get", "secret", "-n", "other", "-o", "name")
                                .out())
                        .isEmpty();
                assertThat(citadel.get("/metrics"))
                        .contains("citadel_secret_controller_svc_acc_created_cert_count 2.0")
                        .contains("citadel_secret_controller_secret_deleted_cert_count 1.0")
                        .contains("citadel_secret_controller_svc_acc_deleted_cert_count 1.0");
            }
        }
    }

    private static void awaitSecret(ApiServer api, SuiteService citadel, String name) {
        Eventually.holdsSlowly(
                LIMIT,
                citadel::output,
                () -> api.kubectl("get", "secret", name, "-n", "shop").exit() == 0);
    }
}
