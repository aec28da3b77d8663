package io.flotilla.pilot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.pilot.world.MeshYaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandoverTest {
    private static final double HALF = 0.5;

    private Handover handover = Handover.START;
    private int open = 400;

    // What goes at each step.
    private List<Integer> steps(int count, int replicas) {
        List<Integer> gone = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int going = handover.gives(open);
            handover = handover.step(replicas, open, HALF);
            open -= going;
            gone.add(going);
        }
        return gone;
    }

    private int sum(List<Integer> gone) {
        return gone.stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void aShareGoesInSmallStepsWhenReplicasCome() {
        assertThat(sum(steps(20, 2))).isZero();
        List<Integer> gone = steps(60, 3);
        assertThat(gone.subList(0, 5)).containsOnly(0);
        assertThat(gone.get(5)).isEqualTo(20);
        assertThat(gone).allMatch(each -> each <= 20);
        assertThat(sum(gone)).isEqualTo(200);
        assertThat(sum(steps(60, 3))).as("once").isZero();
    }

    @ParameterizedTest(name = "{0} then {1} then {2}")
    @CsvSource({
        // At the start; one goes; one that does not stay; one that nobody knows of any more.
        "0, 0, 4",
        "3, 3, 2",
        "3, 4, 3",
        "3, 0, 3",
    })
    void nobodyIsMovedWithoutNeed(int first, int between, int last) {
        steps(20, first);
        assertThat(sum(steps(4, between))).isZero();
        assertThat(sum(steps(60, last))).isZero();
    }

    @Test
    void theLastConnectionsOfASmallReplicaGoOneByOne() {
        open = 4;
        steps(10, 1);
        assertThat(steps(12, 2)).containsSequence(1, 1).doesNotContain(2);
        assertThat(open).isEqualTo(2);
    }

    @Test
    void replicasAreTheHealthyEndpointsOfPilotsService() {
        String mesh = MeshYaml.service("istio-pilot")
                + MeshYaml.pod("istio-pilot", "p", "10.44.1.1")
                + MeshYaml.pod("istio-pilot", "p", "10.44.1.2").replace("istio-pilot-0", "istio-pilot-1")
                + MeshYaml.pod("istio-pilot", "p", "10.44.1.3")
                        .replace("istio-pilot-0", "istio-pilot-2")
                        .replace("status: \"True\"", "status: \"False\"");
        assertThat(Replicas.count(Optional.of(MeshYaml.of(mesh)), "istio-pilot.default"))
                .isEqualTo(2);
        assertThat(Replicas.count(Optional.of(MeshYaml.of(mesh)), "istio-pilot.istio-system"))
                .isZero();
        assertThat(Replicas.count(Optional.empty(), "istio-pilot.default")).isZero();
    }
}
