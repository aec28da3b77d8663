package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedResourcesTest {
    private static final int SERVICES = 1_000;

    private final SharedResources cache = new SharedResources();

    private record Cluster(int service, int version) {}

    private record Route(int service) {}

    private void ask(int from, int to, int version) {
        IntStream.range(from, to).forEach(service -> cache.get(new Cluster(service, version), Cluster::toString));
    }

    @Test
    void whatARoundAskedForStaysHoweverMuchThatIs() {
        ask(0, 10 * SERVICES, 0);
        cache.endRound();
        long built = cache.built();
        ask(0, 10 * SERVICES, 0);
        assertThat(cache.built()).isEqualTo(built).isEqualTo(10 * SERVICES);
    }

    @Test
    void changesOfOneThingForgetNothingForManyRounds() {
        ask(0, SERVICES, 0);
        cache.endRound();
        for (int version = 1; version <= 30; version++) {
            ask(0, 1, version);
            cache.endRound();
        }
        long built = cache.built();
        ask(1, SERVICES, 0);
        assertThat(cache.built()).isEqualTo(built);
    }

    @Test
    void whatManyRoundsDidNotAskForIsForgotten() {
        for (int version = 0; version < SERVICES; version++) {
            ask(0, 1, version);
            cache.endRound();
        }
        assertThat(cache.size()).isBetween(32, 40);
    }

    @Test
    void whatChangesOfManyThingsReplaceDoesNotAddUp() {
        for (int version = 0; version < 100; version++) {
            ask(0, SERVICES / 2, version);
            cache.endRound();
            ask(SERVICES / 2, SERVICES, version);
            cache.endRound();
            assertThat(cache.size()).isLessThan(4 * SERVICES);
        }
    }

    @Test
    void whatNobodyAsksForWhileMuchIsBuiltIsForgottenKindByKind() {
        cache.get(new Route(0), Route::toString);
        ask(0, 1, -1);
        cache.endRound();
        for (int version = 0; version < 4; version++) {
            ask(0, SERVICES, version);
            cache.endRound();
        }
        long built = cache.built();
        cache.get(new Route(0), Route::toString);
        assertThat(cache.built()).isEqualTo(built);
        ask(0, 1, -1);
        assertThat(cache.built()).isEqualTo(built + 1);
    }
}
