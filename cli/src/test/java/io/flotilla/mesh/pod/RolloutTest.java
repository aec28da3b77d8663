package io.flotilla.mesh.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.mesh.pod.Rollout.Instance;
import io.flotilla.mesh.pod.Rollout.Step;
import io.flotilla.mesh.pod.Rollout.Wanted;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutTest {
    private static final String REVIEWS = "default/reviews-v1";

    @Test
    void startsAllPodsOfANewController() {
        assertThat(Rollout.plan(List.of(new Wanted(REVIEWS, 2, "a")), List.of()))
                .containsExactly(new Step.Start(REVIEWS, 0), new Step.Start(REVIEWS, 1));
    }

    @Test
    void doesNothingWhereAllIsAsWanted() {
        assertThat(Rollout.plan(List.of(new Wanted(REVIEWS, 1, "a")), List.of(pod(0, "a", true))))
                .isEmpty();
    }

    @Test
    void startsTheNewPodBeforeTheOldOneEnds() {
        List<Wanted> wanted = List.of(new Wanted(REVIEWS, 1, "b"));

        assertThat(Rollout.plan(wanted, List.of(pod(0, "a", true)))).containsExactly(new Step.Start(REVIEWS, 1));
        assertThat(Rollout.plan(wanted, List.of(pod(0, "a", true), pod(1, "b", false))))
                .isEmpty();
        assertThat(Rollout.plan(wanted, List.of(pod(0, "a", true), pod(1, "b", true))))
                .containsExactly(new Step.End(REVIEWS, 0));
    }

    @Test
    void reusesTheLowestOrdinalThatIsFree() {
        List<Instance> pods = List.of(pod(1, "b", true));
        assertThat(Rollout.plan(List.of(new Wanted(REVIEWS, 1, "c")), pods))
                .containsExactly(new Step.Start(REVIEWS, 0));
    }

    @Test
    void aTerminatingPodKeepsItsOrdinal() {
        Instance leaving = new Instance(REVIEWS, 0, "a", false, true);
        assertThat(Rollout.plan(List.of(new Wanted(REVIEWS, 1, "a")), List.of(leaving)))
                .containsExactly(new Step.Start(REVIEWS, 1));
    }

    @Test
    void endsTheHighestOrdinalsWhereFewerAreWanted() {
        List<Instance> pods = List.of(pod(0, "a", true), pod(1, "a", true), pod(2, "a", true));
        assertThat(Rollout.plan(List.of(new Wanted(REVIEWS, 1, "a")), pods))
                .containsExactly(new Step.End(REVIEWS, 1), new Step.End(REVIEWS, 2));
    }

    @Test
    void endsPodsThatNobodyWants() {
        assertThat(Rollout.plan(List.of(), List.of(pod(0, "a", true), new Instance(REVIEWS, 1, "a", false, true))))
                .containsExactly(new Step.End(REVIEWS, 0));
    }

    @Test
    void aRolloutOfThreeNeverHasFewerThanThreeReadyAndNeverMoreThanFour() {
        List<Wanted> wanted = List.of(new Wanted(REVIEWS, 3, "b"));
        List<Instance> pods = new ArrayList<>(List.of(pod(0, "a", true), pod(1, "a", true), pod(2, "a", true)));
        for (int round = 0; round < 20 && !done(pods); round++) {
            for (Step step : Rollout.plan(wanted, pods)) {
                switch (step) {
                    case Step.Start start -> pods.add(pod(start.ordinal(), "b", true));
                    case Step.End end -> pods.removeIf(pod -> pod.ordinal() == end.ordinal());
                }
            }
            assertThat(pods).filteredOn(Instance::ready).hasSizeBetween(3, 4);
        }
        assertThat(pods).hasSize(3).allMatch(pod -> pod.template().equals("b"));
    }

    private static boolean done(List<Instance> pods) {
        return pods.size() == 3 && pods.stream().allMatch(pod -> pod.template().equals("b"));
    }

    private static Instance pod(int ordinal, String template, boolean ready) {
        return new Instance(REVIEWS, ordinal, template, ready, false);
    }
}
