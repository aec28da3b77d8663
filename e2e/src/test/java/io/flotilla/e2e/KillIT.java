package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.load.Answer;
import io.flotilla.e2e.load.Call;
import io.flotilla.e2e.load.SteadyLoad;
import io.flotilla.e2e.mesh.Bookinfo;
import io.flotilla.e2e.mesh.Bookinfo.Reviews;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.Mesh;
import io.flotilla.e2e.mesh.MeshStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The data plane does not notice that the control plane dies. */
@OfMeshes
class KillIT {
    private static final Duration RECOVERY = Duration.ofMinutes(3);
    private static final List<String> CONTROL_PLANE =
            List.of("galley", "pilot", "citadel", "mixer", "sidecar-injector");
    /** With one round of one by one before: 20 kills. */
    private static final int ALL_TOGETHER = 3;

    /** Each request to details needs a new TLS handshake between the sidecars. */
    private static final String ONE_REQUEST_PER_CONNECTION = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: details, namespace: default}
            spec:
              host: details
              trafficPolicy: {connectionPool: {http: {maxRequestsPerConnection: 1}}}
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            """;

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
    void killedControlPlaneFailsNoRequestAndComesBack() {
        mesh.openEdge("details");
        mesh.apply(ONE_REQUEST_PER_CONNECTION);
        mesh.awaitReady(RECOVERY);
        Call details = mesh.ingress("/details/0");
        try (SteadyLoad load = SteadyLoad.start(200, () -> details)) {
            for (String component : CONTROL_PLANE) {
                kill(List.of(component));
            }
            for (int round = 0; round < ALL_TOGETHER; round++) {
                kill(CONTROL_PLANE);
            }
            Eventually.holds(RECOVERY, () -> "answers: " + load.answered(), () -> load.answered() > 2_000);
            List<Answer> answers = load.stop();

            assertThat(answers).filteredOn(answer -> !answer.ok()).isEmpty();
            mesh.closeEdge("details");
            mesh.applySample("networking/virtual-service-all-v1.yaml");
            Bookinfo.awaitOnly(page, Reviews.V1, RECOVERY);
        }
    }

    private static void kill(List<String> components) {
        MeshStatus before = mesh.status();
        List<Long> killed = new ArrayList<>();
        for (String component : components) {
            long pid = before.component(component).pid();
            killed.add(pid);
            signalKill(pid);
        }
        Eventually.holds(RECOVERY, () -> components + " come back: " + mesh.status(), () -> {
            MeshStatus now = mesh.written(before);
            return now.isReady()
                    && components.stream()
                            .map(now::component)
                            .allMatch(component -> component.ready() && !killed.contains(component.pid()));
        });
    }

    private static void signalKill(long pid) {
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly)).contains(true);
    }
}
