package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.kube.ApiServer;
import io.flotilla.e2e.kube.SuiteService;
import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.fixtures.base.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What kubectl sees of Galley's webhook behind a real API server. */
@OfServices
class AdmissionIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // by start()
    private static ApiServer api;

    private int webhook;

    @BeforeAll
    static void start() {
        api = ApiServer.start(shared);
        api.installCrds();
        api.kubectl("create", "namespace", "istio-system").orFail();
        api.pki().server("webhook", "istio-galley.istio-system.svc");
    }

    @BeforeEach
    void register() {
        webhook = FreePort.next();
        api.kubectl("delete", "--ignore-not-found", "validatingwebhookconfiguration", "istio-galley")
                .orFail();
        // As deploy/kustomize has it, but by URL: this API server knows no Service's address.
        api.applyOrFail("""
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: istio-galley}
                webhooks:
                  - name: validation.flotilla.io
                    clientConfig: {url: "https://127.0.0.1:%d/validate"}
                    rules:
                      - {operations: [CREATE, UPDATE], apiGroups: [networking.istio.io, security.istio.io],
                         apiVersions: ["*"], resources: ["*"], scope: "*"}
                    matchPolicy: Exact
                    admissionReviewVersions: [v1, v1beta1]
                    sideEffects: None
                    failurePolicy: Ignore
                    timeoutSeconds: 10
                """.formatted(webhook));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private SuiteService galley() throws IOException {
        Path pki = shared.resolve("pki");
        assertThat(Files.exists(pki.resolve("webhook.crt"))).isTrue();
        return SuiteService.galley(
                        folder,
                        api,
                        Map.of(
                                "FLOTILLA_WEBHOOK_PORT", Integer.toString(webhook),
                                "FLOTILLA_WEBHOOK_CERT_FILE",
                                        pki.resolve("webhook.crt").toString(),
                                "FLOTILLA_WEBHOOK_KEY_FILE",
                                        pki.resolve("webhook.key").toString(),
                                "FLOTILLA_WEBHOOK_CA_FILE",
                                        api.pki().authority().toString(),
                                "FLOTILLA_WEBHOOK_CONFIGURATION", "istio-galley",
                                "FLOTILLA_OWNERSHIP_MODE", "ENFORCE"))
                .startAndAwaitReady();
    }

    private String policy() {
        return api.kubectl(
                        "get",
                        "validatingwebhookconfiguration",
                        "istio-galley",
                        "-o",
                        "jsonpath={.webhooks[0].failurePolicy}")
                .out();
    }

    private static String route(String name, String host, String more) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %s, namespace: default}
                spec:
                  hosts: ["%s"]
                  http: [{route: [{destination: {host: reviews}}] %s}]
                """.formatted(name, host, more);
    }

    @Test
    void badObjectsAreRefusedOnceTheDoorIsClosed() throws IOException {
        assertThat(policy()).isEqualTo("Ignore");
        try (SuiteService galley = galley()) {
            Eventually.holds(LIMIT, galley::output, () -> policy().equals("Fail"));

            Command bad = api.apply(route("bad", "-", ", timeout: 0.1ms"));
            assertThat(bad.exit()).isNotZero();
            assertThat(bad.err())
                    .contains("admission webhook \"validation.flotilla.io\" denied the request")
                    .contains("VirtualService default/bad has 2 problems")
                    .contains("spec.hosts[0]: ", "spec.http[0].timeout: ");

            api.apply(route("good", "reviews", "")).orFail();
            Command unknown = api.apply("""
                    apiVersion: networking.istio.io/v1
                    kind: ServiceEntry
                    metadata: {name: noports, namespace: default}
                    spec: {hosts: [a.example.com], resolution: NONE}
                    """);
            assertThat(unknown.exit()).as(unknown.err()).isZero();
            assertThat(unknown.err()).contains("Warning: spec.ports: is empty", "FL0403");

            // What is missing among other objects is told, and does not keep this one out.
            Command unbound =
                    api.apply(route("unbound", "reviews", "").replace("  http:", "  gateways: [edge]\n  http:"));
            assertThat(unbound.exit()).as(unbound.err()).isZero();
            assertThat(unbound.err()).contains("Warning: spec.gateways[0]: ", "(FA0103)");
            // Both in one file: the gateway is not read yet when we are asked about the second, and known all the same.
            Command bound = api.apply(
                    """
                    apiVersion: networking.istio.io/v1
                    kind: Gateway
                    metadata: {name: door, namespace: default}
                    spec:
                      selector: {istio: ingressgateway}
                      servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
                    ---
                    """ + route("bound", "a.example.com", "").replace("  http:", "  gateways: [door]\n  http:"));
            assertThat(bound.exit()).as(bound.err()).isZero();
            assertThat(bound.err()).doesNotContain("spec.gateways");

            assertThat(dryRun(route("dry", "-", "")).err()).contains("denied the request", "spec.hosts[0]");
            dryRun(route("dry", "reviews", "")).orFail();
            assertThat(api.kubectl("get", "vs", "dry").exit()).isNotZero();
            assertThat(api.kubectl("get", "vs", "flotilla-webhook-probe", "-n", "istio-system")
                            .exit())
                    .isNotZero();
        }
        // Galley is gone: nothing comes in unseen, and what is there can go.
        assertThat(api.apply(route("late", "reviews", "")).err()).contains("failed calling webhook");
        api.kubectl("delete", "vs", "good").orFail();
    }

    @Test
    void hostOfAnotherNamespaceIsRefused() throws IOException {
        try (SuiteService galley = galley()) {
            Eventually.holds(LIMIT, galley::output, () -> policy().equals("Fail"));
            api.applyOrFail("""
                    apiVersion: v1
                    kind: Namespace
                    metadata: {name: bank, annotations: {flotilla.io/owned-hosts: "*.bank.example.com"}}
                    """);
            Eventually.holds(
                    LIMIT,
                    galley::output,
                    () -> dryRun(route("thief", "pay.bank.example.com", ""))
                            .err()
                            .contains("of namespace bank"));
        }
    }

    @Test
    void whatOthersChangeInTheConfigurationIsSetRight() throws IOException {
        try (SuiteService galley = galley()) {
            Eventually.holds(LIMIT, galley::output, () -> policy().equals("Fail"));
            api.kubectl(
                            "patch",
                            "validatingwebhookconfiguration",
                            "istio-galley",
                            "--type=json",
                            "-p",
                            "[{\"op\": \"replace\", \"path\": \"/webhooks/0/failurePolicy\", \"value\": \"Ignore\"},"
                                    + " {\"op\": \"remove\", \"path\": \"/webhooks/0/clientConfig/caBundle\"}]")
                    .orFail();
            Eventually.holds(LIMIT, galley::output, () -> policy().equals("Fail"));
            // The API server itself hears of it a moment later. Without a dry run it would keep what it lets in till
            // then.
            Eventually.holds(
                    LIMIT,
                    galley::output,
                    () -> dryRun(route("bad", "-", "")).err().contains("spec.hosts[0]"));
            assertThat(api.apply(route("bad", "-", "")).err()).contains("spec.hosts[0]");
        }
    }

    private Command dryRun(String manifests) {
        try {
            Path file = Files.writeString(folder.resolve("object.yaml"), manifests);
            return api.kubectl("apply", "--dry-run=server", "-f", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
