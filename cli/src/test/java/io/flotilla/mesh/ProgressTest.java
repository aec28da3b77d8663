package io.flotilla.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.mesh.isolation.Isolation;
import io.flotilla.mesh.process.ProcessState;
import io.flotilla.mesh.status.MeshStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final Progress progress = new Progress();

    @Test
    void whyAStartStillWaitsIsToldAtItsEnd() {
        assertThat(progress.news(mesh(ProcessState.RUNNING, "nobody answers", "port 80: refused")))
                .containsExactly("pilot: running", "pod shop/cart-0: running, not ready");
        MeshStatus later = mesh(ProcessState.RUNNING, "mesh is down", "port 80 answers 503");
        assertThat(progress.news(later)).isEmpty();
        assertThat(Progress.missing(later))
                .containsExactly(
                        "pilot: running (mesh is down)", "pod shop/cart-0: running, not ready (port 80 answers 503)");
    }

    @Test
    void whatEndedIsNews() {
        assertThat(progress.news(mesh(ProcessState.BACKOFF, "exited with 1", "")))
                .contains("pilot: backoff (exited with 1)");
    }

    private static MeshStatus mesh(ProcessState state, String ofPilot, String ofPod) {
        return new MeshStatus(
                "test",
                "starting",
                "",
                Isolation.NONE,
                Map.of(),
                Map.of(),
                List.of(new MeshStatus.Component("pilot", state, false, 1, 0, ofPilot)),
                List.of(new MeshStatus.Pod(
                        "shop", "cart-0", "", "", Map.of(), true, "Running", false, false, false, Map.of(), 0, 0,
                        ofPod)));
    }
}
