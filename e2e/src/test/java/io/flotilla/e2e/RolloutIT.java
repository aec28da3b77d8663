package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.load.Answer;
import io.flotilla.e2e.load.Call;
import io.flotilla.e2e.load.SteadyLoad;
import io.flotilla.e2e.mesh.Bookinfo;
import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.Mesh;
import io.flotilla.e2e.mesh.MeshStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pods come and go, callers do not notice. */
@OfMeshes
class RolloutIT {
    private static final Duration ROLLED = Duration.ofMinutes(3);
    private static final int ROLLOUTS = 10;

    private static Mesh mesh;
    private static MeshStatus atFirst;
    private static Call page;

    @BeforeAll
    static void startMesh() {
        mesh = Mesh.bookinfo();
        atFirst = mesh.status();
        page = mesh.ingress("/productpage");
    }

    @BeforeEach
    void reset() {
        Bookinfo.reset(mesh);
    }

    @Test
    void replacingAPodTenTimesFailsNoRequest() throws IOException {
        // The page gives details three seconds, which a machine that pauses takes; the edge waits for each answer.
        mesh.openEdge("details");
        Call details = mesh.ingress("/details/0");
        try (SteadyLoad load = SteadyLoad.start(100, () -> details)) {
            for (int i = 0; i < ROLLOUTS; i++) {
                long before = processOf(mesh.written(atFirst).pod("details-v1"));
                mesh.apply(detailsWithAnnotation("under-traffic-" + i));
                awaitSuccessor(before);
            }
            awaitNoneTerminates();
            Eventually.holds(ROLLED, () -> "answers: " + load.answered(), () -> load.answered() > 500);
            List<Answer> answers = load.stop();
            mesh.closeEdge("details");

            assertThat(answers).filteredOn(answer -> !answer.ok()).isEmpty();
        }
        assertThat(Bookinfo.ask(page, 20)).allMatch(answer -> answer.body().contains("Book Details"));
    }

    @Test
    void aPodThatStartsWhilePilotIsAwayWaitsForIt() throws IOException {
        MeshStatus before = mesh.status();
        long old = processOf(before.pod("details-v1"));
        long pilot = before.component("pilot").pid();
        signal("STOP", pilot);
        try {
            mesh.apply(detailsWithAnnotation("without-pilot"));
            Eventually.holds(
                    ROLLED,
                    () -> "the new pod's Envoy runs: " + mesh.status(),
                    () -> newPods(old).stream().anyMatch(pod -> pod.processes().containsKey("istio-proxy")));
        } finally {
            signal("CONT", pilot);
        }
        awaitSuccessor(old);
        awaitNoneTerminates();

        assertThat(mesh.status().pod("details-v1").restarts()).isZero();
        assertThat(Bookinfo.ask(page, 20)).allMatch(Answer::ok);
    }

    private static List<MeshStatus.Pod> newPods(long oldProcess) {
        return mesh.written(atFirst).podsOf("details-v1").stream()
                .filter(pod -> pod.processes().getOrDefault("details", 0L) != oldProcess)
                .toList();
    }

    /** The new pod is ready; the old one is on its way out, and may be for some time. */
    private static void awaitSuccessor(long before) {
        Eventually.holds(ROLLED, () -> "details-v1 is replaced: " + mesh.status(), () -> {
            List<MeshStatus.Pod> staying = mesh.written(atFirst).podsOf("details-v1").stream()
                    .filter(pod -> !pod.terminating())
                    .toList();
            return staying.size() == 1 && staying.getFirst().ready() && processOf(staying.getFirst()) != before;
        });
    }

    private static void awaitNoneTerminates() {
        Eventually.holds(
                ROLLED,
                () -> "old pods end: " + mesh.status(),
                () -> mesh.written(atFirst).podsOf("details-v1").size() == 1);
    }

    private static long processOf(MeshStatus.Pod pod) {
        return pod.processes().getOrDefault("details", 0L);
    }

    private static void signal(String name, long pid) {
        Command.run(Path.of("/"), Map.of(), Duration.ofSeconds(60), List.of("kill", "-" + name, Long.toString(pid)))
                .orFail();
    }

    private static String detailsWithAnnotation(String value) throws IOException {
        String all = Files.readString(Mesh.BOOKINFO.resolve("kube/bookinfo.yaml"));
        String deployment = Arrays.stream(all.split("(?m)^---$"))
                .filter(document -> document.contains("kind: Deployment") && document.contains("name: details-v1"))
                .findFirst()
                .orElseThrow();
        return deployment.replaceFirst(
                "(?m)^  template:\n    metadata:\n",
                "  template:\n    metadata:\n      annotations: {rollout: \"" + value + "\"}\n");
    }
}
