package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.kube.ApiServer;
import io.flotilla.e2e.mesh.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What precheck says of a real API server, before and after something is there. */
@OfServices
class PrecheckIT {
    private static final Path ROOT =
            Path.of(System.getProperty("flotilla.root")).toAbsolutePath().normalize();
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    static Path shared;

    @SuppressWarnings("NullAway.Init") // by start()
    private static ApiServer api;

    @BeforeAll
    static void start() {
        api = ApiServer.start(shared);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static Command precheck(String kubeconfig) {
        return Command.run(
                ROOT,
                Map.of("FLOTILLA_NO_BUILD", "1"),
                LIMIT,
                List.of(ROOT.resolve("flotilla").toString(), "x", "precheck", "--kubeconfig", kubeconfig));
    }

    @Test
    void aClusterIsLookedAtAndNotChanged() {
        Command empty = precheck(api.kubeconfig().toString());
        assertThat(empty.out())
                .contains("ok: version: Kubernetes v1.")
                .contains("ok: rights: this user may create all that is installed")
                .contains("ok: control planes: none is here")
                .contains("ok: kinds: none of the mesh's is installed yet")
                .contains("error: room: no node is ready: pods would wait");
        assertThat(empty.exit()).as(empty.out() + empty.err()).isEqualTo(1);

        api.installCrds();
        api.applyOrFail("""
                apiVersion: v1
                kind: Node
                metadata: {name: one}
                """);
        api.kubectl("patch", "node", "one", "--subresource=status", "--type=merge", "-p", """
                {"status": {"conditions": [{"type": "Ready", "status": "True"}],
                            "allocatable": {"cpu": "4", "memory": "16Gi"}}}
                """)
                .orFail();
        api.kubectl("create", "namespace", "istio-system").orFail();
        api.applyOrFail("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: half, namespace: default}
                spec: {hosts: [web], http: [{route: [{destination: {host: web}, weight: -1}]}]}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: istiod, namespace: istio-system}
                spec:
                  selector: {matchLabels: {app: istiod}}
                  template:
                    metadata: {labels: {app: istiod}}
                    spec: {containers: [{name: discovery, image: discovery}]}
                """);
        Command full = precheck(api.kubeconfig().toString());
        assertThat(full.out())
                .containsPattern("ok: kinds: \\d+ of the mesh's are installed, with 1 objects")
                .containsPattern("warning: objects: is refused here: VirtualService default/half: .*weight")
                .contains("warning: control planes: Deployment istio-system/istiod: ")
                .contains("ok: room: 1 nodes are ready, with 4.0 cores and 16.0 GiB");
        assertThat(full.exit()).as(full.out() + full.err()).isZero();

        Command nowhere = precheck(shared.resolve("none").toString());
        assertThat(nowhere.exit()).isEqualTo(2);
        assertThat(nowhere.err()).startsWith("flotilla: the API server does not answer: ");
    }
}
