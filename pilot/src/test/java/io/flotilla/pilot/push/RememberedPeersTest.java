package io.flotilla.pilot.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.pilot.world.MeshYaml;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RememberedPeersTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String A = "spiffe://cluster.local/ns/default/sa/a";
    private static final String B = "spiffe://cluster.local/ns/default/sa/b";

    private final RememberedPeers peers = new RememberedPeers(Duration.ofMinutes(10));

    @Test
    void widensAtOnceAndNarrowsWithDelay() {
        MeshSnapshot a = MeshYaml.web("a");
        MeshSnapshot b = MeshYaml.web("b");
        assertThat(peers.observe(a, NOW)).isNotEmpty();
        assertThat(peers.of(a, web(a))).containsExactly(A);

        assertThat(peers.observe(b, NOW.plusSeconds(60))).isNotEmpty();
        assertThat(peers.of(b, web(b))).containsExactly(A, B);

        assertThat(peers.observe(b, NOW.plusSeconds(120))).as("nothing new").isEmpty();
        assertThat(peers.observe(b, NOW.plusSeconds(659)))
                .as("left a minute after the start")
                .isEmpty();
        assertThat(peers.observe(b, NOW.plusSeconds(661))).isNotEmpty();
        assertThat(peers.of(b, web(b))).containsExactly(B);
    }

    private static MeshService web(MeshSnapshot snapshot) {
        return snapshot.service("web.default.svc.cluster.local", "default").orElseThrow();
    }
}
