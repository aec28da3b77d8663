package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.kube.Pki;
import io.flotilla.e2e.load.Answer;
import io.flotilla.e2e.load.Call;
import io.flotilla.e2e.load.SteadyLoad;
import io.flotilla.e2e.mesh.Bookinfo;
import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.Mesh;
import io.flotilla.e2e.mesh.MeshStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process beside an edge Envoy may die; the edge serves on. */
@OfMeshes
class GatewayAgentIT {
    private static final Duration RECOVERY = Duration.ofMinutes(3);

    @TempDir
    private Path scratch;

    private static Mesh mesh;
    private static Call page;

    @BeforeAll
    static void startMesh() {
        mesh = Mesh.bookinfo();
        page = mesh.ingress("/productpage");
    }

    @BeforeEach
    void reset() {
        Bookinfo.reset(mesh);
    }

    @Test
    void killedGatewayAgentLeavesItsEnvoyServing() {
        MeshStatus before = mesh.status();
        MeshStatus.Pod ingress = before.pod("istio-ingressgateway");
        long envoy = pid(ingress, "istio-proxy");
        try (SteadyLoad load = SteadyLoad.start(100, () -> page)) {

            signalKill(pid(ingress, "gateway"));
            Eventually.holdsSlowly(RECOVERY, () -> "a new gateway process", () -> {
                MeshStatus.Pod now = mesh.status().pod("istio-ingressgateway");
                // Between the two there is none.
                long gateway = now.processes().getOrDefault("gateway", 0L);
                return now.ready() && gateway > 0 && gateway != pid(ingress, "gateway");
            });
            List<Answer> answers = load.stop();

            assertThat(answers).isNotEmpty().allMatch(Answer::ok);
            assertThat(pid(mesh.status().pod("istio-ingressgateway"), "istio-proxy"))
                    .isEqualTo(envoy);
        }
    }

    @Test
    void whatItsEnvoySaysIsFoundAsThatOfASidecar() {
        for (String pod : List.of("istio-ingressgateway-0", "productpage-v1-0")) {
            mesh.flotilla("logs", pod, "-c", "istio-proxy").orFail();
        }
    }

    /** The Secret is applied as "kubectl create secret tls NAME -n istio-system" makes it. */
    @Test
    void aSecretThatIsAppliedIsWhatTheEdgeShows() {
        Pki pki = Pki.create(scratch).server("shop", "shop.example.com");
        mesh.apply("""
            apiVersion: v1
            kind: Secret
            metadata: {name: shop-credential, namespace: istio-system}
            type: kubernetes.io/tls
            data: {tls.crt: %s, tls.key: %s}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: shop, namespace: default}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - port: {number: 443, name: https, protocol: HTTPS}
                tls: {mode: SIMPLE, credentialName: shop-credential}
                hosts: [shop.example.com]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: shop, namespace: default}
            spec:
              hosts: [shop.example.com]
              gateways: [shop]
              http: [{route: [{destination: {host: productpage, port: {number: 9080}}}]}]
            """.formatted(base64("shop.crt"), base64("shop.key")));
        try {
            int port = mesh.status().port("ingress-https");
            List<String> call = List.of(
                    "curl",
                    "-sS",
                    "-m",
                    "5",
                    "-o",
                    "/dev/null",
                    "-w",
                    "%{http_code}",
                    "--resolve",
                    "shop.example.com:" + port + ":127.0.0.1",
                    "--cacert",
                    pki.authority().toString(),
                    "https://shop.example.com:" + port + "/productpage");
            Eventually.answered(
                    Duration.ofSeconds(30),
                    "the edge shows the certificate of the Secret",
                    () -> Command.run(scratch, Map.of(), Duration.ofSeconds(10), call)
                            .out(),
                    "200"::equals);
        } finally {
            mesh.delete("virtualservice", "shop");
            mesh.delete("gateway", "shop");
            mesh.flotilla("delete", "secret", "shop-credential", "-n", "istio-system")
                    .orFail();
        }
    }

    private String base64(String file) {
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(scratch.resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long pid(MeshStatus.Pod pod, String container) {
        long pid = pod.processes().getOrDefault(container, 0L);
        assertThat(pid).as("pid of %s in %s", container, pod).isPositive();
        return pid;
    }

    private static void signalKill(long pid) {
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly)).contains(true);
    }
}
