package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.load.Answer;
import io.flotilla.e2e.load.Call;
import io.flotilla.e2e.load.SteadyLoad;
import io.flotilla.e2e.mesh.Bookinfo;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.Mesh;
import io.flotilla.e2e.mesh.MeshStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The process beside an edge Envoy may die; the edge serves on. */
@OfMeshes
class GatewayAgentIT {
    private static final Duration RECOVERY = Duration.ofMinutes(3);

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

    private static long pid(MeshStatus.Pod pod, String container) {
        long pid = pod.processes().getOrDefault(container, 0L);
        assertThat(pid).as("pid of %s in %s", container, pod).isPositive();
        return pid;
    }

    private static void signalKill(long pid) {
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly)).contains(true);
    }
}
