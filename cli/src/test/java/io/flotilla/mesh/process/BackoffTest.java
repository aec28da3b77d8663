package io.flotilla.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void waitsTwiceAsLongEachTimeUpToALimit() {
        Backoff backoff = Backoff.FRESH;
        assertThat(backoff.delay()).isZero();
        backoff = backoff.after(Duration.ofSeconds(1));
        assertThat(backoff.delay()).hasMillis(100);
        backoff = backoff.after(Duration.ofSeconds(1));
        assertThat(backoff.delay()).hasMillis(200);
        for (int i = 0; i < 30; i++) {
            backoff = backoff.after(Duration.ZERO);
        }
        assertThat(backoff.delay()).hasSeconds(10);
    }

    @Test
    void aProcessThatRanLongStartsOver() {
        assertThat(new Backoff(9).after(Duration.ofMinutes(1)).delay()).hasMillis(100);
    }
}
