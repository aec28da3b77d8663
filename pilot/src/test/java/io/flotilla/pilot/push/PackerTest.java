package io.flotilla.pilot.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.envoy.ResourceCache;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.SharedResources;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackerTest {
    private static final String LARGE = "x".repeat(40_000);

    private static final List<VirtualHost> HOSTS =
            List.of(host("a:80", "a"), host("b:80", "b"), host("c:80", "c"), host("d:80", "d"), host("c:80", "other"));

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

    @Test
    void afterEachStepThereAreTheHostsOfTheRoutes() {
        List<RouteConfiguration> all =
                IntStream.range(0, 1 << 5).mapToObj(PackerTest::routes).toList();
        for (RouteConfiguration before : all) {
            Packer.Hosted hosted = hosted(Packer.Hosted.NOTHING, before);
            for (RouteConfiguration after : all) {
                assertThat(hosted(hosted, after).hosts().resources())
                        .as("from %s to %s", before.getVirtualHostsList(), after.getVirtualHostsList())
                        .isEqualTo(hosted(Packer.Hosted.NOTHING, after).hosts().resources());
            }
        }
    }

    private Packer.Hosted hosted(Packer.Hosted before, RouteConfiguration routes) {
        return packer.next(before, List.of(routes), caches);
    }

    /** Of four hosts those that the lowest four bits choose, the third with another content by the fifth. */
    private static RouteConfiguration routes(int chosen) {
        RouteConfiguration.Builder routes = RouteConfiguration.newBuilder().setName("80");
        for (int i = 0; i < HOSTS.size() - 1; i++) {
            if ((chosen & (1 << i)) != 0) {
                routes.addVirtualHosts(HOSTS.get(i == 2 && chosen >= 1 << 4 ? 4 : i));
            }
        }
        return routes.build();
    }

    private static VirtualHost host(String name, String domain) {
        return VirtualHost.newBuilder().setName(name).addDomains(domain).build();
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
