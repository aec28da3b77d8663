package io.flotilla.pilot.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.envoy.ResourceCache;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.SharedResources;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackerTest {
    private static final String LARGE = "x".repeat(40_000);

    private final Packer packer = new Packer();
    private final Scope.Caches caches = new Scope.Caches(new SharedResources(), ResourceCache.none());

    @Test
    void viewsWithTheSameMessageShareItsBytes() {
        for (String text : List.of("small", LARGE)) {
            assertThat(packed(text)).isSameAs(packed(text));
        }
    }

    @Test
    void bytesOfALargeMessageAreForgottenWithTheSetsThatHaveThemAndMadeAgain() {
        WeakReference<Resource> first = new WeakReference<>(packed(LARGE));
        long end = System.nanoTime() + 60_000_000_000L;
        while (first.get() != null) {
            assertThat(System.nanoTime()).as("kept").isLessThan(end);
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(packed(LARGE)).isEqualTo(Resource.of("one", message(LARGE)));
    }

    private Resource packed(String text) {
        List<Cluster> messages = List.of(message(text));
        return packer.next(TypeUrls.CLUSTER, Packer.Typed.NOTHING, messages, caches)
                .set()
                .resources()
                .getFirst();
    }

    private static Cluster message(String text) {
        return Cluster.newBuilder().setName("one").setAltStatName(text).build();
    }
}
