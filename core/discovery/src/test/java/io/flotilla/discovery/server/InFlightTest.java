package io.flotilla.discovery.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private final InFlight all = new InFlight(100);
    private final List<String> granted = new ArrayList<>();

    // Each its own owner; "a.1" and "a.2" are the same one's.
    private InFlight.Share taking(String name, int size) {
        InFlight.Share share = all.share(name.replaceAll("\\..*", ""));
        if (share.take(size, () -> granted.add(name + " later"))) {
            granted.add(name);
        }
        return share;
    }

    @Test
    void whoFindsNoRoomGetsItInTurn() {
        InFlight.Share first = taking("a", 60);
        InFlight.Share second = taking("b", 60);
        taking("c", 10);
        assertThat(granted).as("c would fit, but b came first").containsExactly("a");
        assertThat(second.waits()).isTrue();
        first.release();
        assertThat(granted).containsExactly("a", "b later", "c later");
        assertThat(second.waits()).isFalse();
        assertThat(all.used()).isEqualTo(70);
    }

    @Test
    void oneThatIsLargerThanAllRoomGoesAlone() {
        InFlight.Share large = taking("large", 500);
        InFlight.Share small = taking("small", 1);
        assertThat(granted).containsExactly("large");
        large.release();
        assertThat(granted).containsExactly("large", "small later");
        small.release();
        assertThat(all.used()).isZero();
    }

    @Test
    void whoLeavesHoldsNothingAndIsNotWaitedFor() {
        InFlight.Share first = taking("a", 100);
        InFlight.Share gone = taking("gone", 50);
        taking("c", 50);
        gone.end();
        first.end();
        first.end();
        assertThat(granted).containsExactly("a", "c later");
        assertThat(all.used()).isEqualTo(50);
    }

    @Test
    void severalMessagesOfOneStreamAreGivenBackTogether() {
        InFlight.Share share = taking("a", 40);
        assertThat(share.take(30, () -> {})).isTrue();
        assertThat(all.used()).isEqualTo(70);
        share.release();
        assertThat(all.used()).isZero();
    }

    @Test
    void oneOwnerLeavesRoomForTheOthers() {
        for (int i = 0; i < 10; i++) {
            taking("greedy." + i, 10);
        }
        assertThat(granted).hasSize(7);
        taking("b", 10);
        taking("c", 10);
        assertThat(granted).endsWith("b", "c");
        assertThat(all.used()).isEqualTo(90);
        assertThat(all.waiting()).isEqualTo(3);
    }

    @Test
    void whoWaitsIsServedOneOwnerAfterTheOther() {
        InFlight.Share first = taking("x", 100);
        for (int i = 1; i <= 3; i++) {
            taking("a." + i, 30);
        }
        taking("b.1", 30);
        taking("c.1", 30);
        first.release();
        assertThat(granted)
                .as("a's second waits until b and c had their turn")
                .containsExactly("x", "a.1 later", "b.1 later", "c.1 later");
        assertThat(all.used()).isEqualTo(90);
    }

    @Test
    void whoAskedForMuchIsNotOvertakenForEverByThoseWhoAskForLittle() {
        InFlight.Share first = taking("a", 60);
        taking("big", 90);
        taking("small", 5);
        assertThat(granted).containsExactly("a");
        first.release();
        assertThat(granted).containsExactly("a", "big later", "small later");
    }
}
