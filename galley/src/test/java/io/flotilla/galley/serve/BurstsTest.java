package io.flotilla.galley.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.discovery.Generation;
import io.flotilla.discovery.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BurstsTest {
    private final LinkedBlockingQueue<View> got = new LinkedBlockingQueue<>();
    private final Bursts bursts = new Bursts(got::add);

    private static View view(long number) {
        return new View(new Generation(1, Map.of("s", number)), Map.of());
    }

    @Test
    void oneThatComesAloneIsHandedOnAtOnce() {
        bursts.publish(view(1));
        assertThat(got).containsExactly(view(1));
    }

    @Test
    void ofManyTheLastIsHandedOnAndNotEachOfThem() throws InterruptedException {
        int many = 100_000;
        for (int i = 1; i <= many; i++) {
            bursts.publish(view(i));
        }
        List<View> all = new ArrayList<>();
        while (all.isEmpty() || !all.getLast().equals(view(many))) {
            View next = got.poll(60, TimeUnit.SECONDS);
            assertThat(next).as("the last of the burst").isNotNull();
            all.add(next);
        }
        assertThat(all).hasSizeLessThan(many / 10);
        assertThat(all.stream().mapToLong(view -> view.generation().stamp())).isSorted();
    }
}
