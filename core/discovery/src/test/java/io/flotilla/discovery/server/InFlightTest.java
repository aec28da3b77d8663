package io.flotilla.discovery.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private final InFlight all = new InFlight(100);
    private final List<String> granted = new ArrayList<>();

    private InFlight.Share taking(String name, int size) {
        InFlight.Share share = all.share();
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
        assertThat(share.take(40, () -> {})).isTrue();
        assertThat(all.used()).isEqualTo(80);
        share.release();
        assertThat(all.used()).isZero();
    }
}
