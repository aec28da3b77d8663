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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Citadel against a real Kubernetes API: an issuer of cert-manager or a signer of the CSR API signs, and service accounts
 * get their Secrets.
 */
@OfServices
class CitadelSecretsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static ApiServer api;

    @BeforeAll
    static void startApiServer() {
        api = ApiServer.start(shared);
        api.applyOrFail(namespace("istio-system"));
    }

    @AfterAll
    static void stopApiServer() {
        api.close();
    }

    private static String namespace(String name) {
        return """
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: %s}
                """.formatted(name);
    }

    private static String account(String namespace, String name) {
        return """
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: %s, namespace: %s}
                """.formatted(name, namespace);
    }

    private Map<String, String> settings(OpensslIssuer signing, String signer, String value, String namespace)
            throws IOException {
        Path credentials = Files.createDirectories(folder.resolve("credentials"));
        Files.writeString(credentials.resolve("token"), api.token());
        Files.copy(api.pki().authority(), credentials.resolve("ca.crt"));
        Files.writeString(folder.resolve("jwks.json"), "{\"keys\": []}");
        return Map.of(
                "FLOTILLA_KUBERNETES_API",
                api.url(),
                "FLOTILLA_KUBERNETES_CREDENTIALS",
                credentials.toString(),
                "FLOTILLA_JWKS_FILE",
                folder.resolve("jwks.json").toString(),
                signer,
                value,
                "FLOTILLA_ROOT_FILE",
                signing.root().toString(),
                "FLOTILLA_ACCOUNT_SECRETS",
                namespace,
                // The issuer signs for a day from when it signs, whatever it is asked for: that is to be less.
                "FLOTILLA_CERTIFICATE_LIFETIME",
                "36h");
    }

    private static String file(String namespace, String secret, String key) {
        String encoded = api.kubectl("get", "secret", secret, "-n", namespace, "-o", "jsonpath={.data." + key + "}")
                .out();
        return new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.US_ASCII);
    }

    private static String names(String kind, String namespace) {
        return api.kubectl("get", kind, "-n", namespace, "-o", "name").orFail().out();
    }

    @Test
    void secretsComeGoAndComeBackWithTheirAccounts() throws IOException {
        api.applyOrFail(namespace("shop") + namespace("other") + account("shop", "cart") + account("other", "cart"));
        try (OpensslIssuer manager = OpensslIssuer.certManager(folder, api);
                SuiteService citadel = new SuiteService(
                                "citadel",
                                folder,
                                settings(manager, "FLOTILLA_CERT_MANAGER_ISSUER", "ClusterIssuer/corporate", "shop"))
                        .startAndAwaitReady()) {
            String first = awaitSecret(citadel, manager, "shop", "cart");
            assertThat(api.kubectl("get", "secret", "istio.cart", "-n", "shop", "-o", "jsonpath={.type}")
                            .out())
                    .isEqualTo("istio.io/key-and-cert");

            api.kubectl("delete", "secret", "istio.cart", "-n", "shop").orFail();
            api.applyOrFail(account("shop", "ratings"));
            assertThat(awaitSecret(citadel, manager, "shop", "cart")).isNotEqualTo(first);
            awaitSecret(citadel, manager, "shop", "ratings");

            api.kubectl("delete", "serviceaccount", "ratings", "-n", "shop").orFail();
            Eventually.holdsSlowly(
                    LIMIT, citadel::output, () -> !names("secret", "shop").contains("istio.ratings"));
            assertThat(names("secret", "shop")).contains("istio.cart");
            assertThat(names("secret", "other")).isEmpty();
            // It counts what is done, a moment after others see it.
            List<String> counts = List.of(
                    "citadel_secret_controller_svc_acc_created_cert_count 2.0",
                    "citadel_secret_controller_secret_deleted_cert_count 1.0",
                    "citadel_secret_controller_svc_acc_deleted_cert_count 1.0");
            Eventually.answered(
                    LIMIT,
                    "what was done is counted",
                    () -> citadel.get("/metrics"),
                    text -> counts.stream().allMatch(text::contains));
        }
    }

    /** The signer signs only what is approved for it, and the API server lets nobody approve but by that subresource. */
    @Test
    void signerOfTheClusterSignsWhatCitadelApproves() throws IOException {
        api.applyOrFail(namespace("bank") + account("bank", "teller"));
        try (OpensslIssuer signer = OpensslIssuer.kubernetesSigner(folder, api, "example.com/mesh");
                SuiteService citadel = new SuiteService(
                                "citadel", folder, settings(signer, "FLOTILLA_CSR_SIGNER", "example.com/mesh", "bank"))
                        .startAndAwaitReady()) {
            awaitSecret(citadel, signer, "bank", "teller");
            Eventually.answered(
                    LIMIT,
                    "a request that is answered goes",
                    () -> names("certificatesigningrequest", "bank"),
                    String::isEmpty);
        }
    }

    /** The chain of an account's Secret, which the issuer's root must vouch for, and openssl must agree. */
    private static String awaitSecret(SuiteService citadel, OpensslIssuer issuer, String namespace, String account)
            throws IOException {
        String name = "istio." + account;
        Eventually.holdsSlowly(
                LIMIT, citadel::output, () -> names("secret", namespace).contains(name));
        String chain = file(namespace, name, "cert-chain\\.pem");
        assertThat(Certificates.uris(Certificates.parse(chain).orElseThrow().getFirst()))
                .containsExactly("spiffe://cluster.local/ns/" + namespace + "/sa/" + account);
        assertThat(issuer.accepts(chain)).isTrue();
        assertThat(file(namespace, name, "root-cert\\.pem"))
                .isEqualTo(Certificates.pem(
                        Certificates.parse(Files.readString(issuer.root())).orElseThrow()));
        return chain;
    }
}
