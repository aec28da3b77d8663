package io.flotilla.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    @Test
    void readsNamesAndAddresses() {
        assertThat(HostPort.parse("istio-citadel.istio-system.svc:8060"))
                .isEqualTo(new HostPort("istio-citadel.istio-system.svc", 8060));
        assertThat(HostPort.parse("[::1]:80"))
                .isEqualTo(new HostPort("::1", 80))
                .hasToString("[::1]:80");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":80", "host", "host:", "host:0", "host:65536", "host:http", "[]:80"})
    void refusesTheRest(String text) {
        assertThatThrownBy(() -> HostPort.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HOST:PORT");
    }

    @Test
    void waitsGrowToTheLimitAndAreSpread() {
        Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
        Random random = new Random(1);
        assertThat(backoff.after(1, random)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        assertThat(backoff.after(3, random)).isBetween(Duration.ofMillis(400), Duration.ofMillis(800));
        assertThat(backoff.after(1000, random)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
    }
}
