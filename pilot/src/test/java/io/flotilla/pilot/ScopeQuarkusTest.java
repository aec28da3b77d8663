package io.flotilla.pilot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.pilot.scope.Namespaces;
import io.flotilla.pilot.world.Eventually;
import io.flotilla.pilot.world.FreePorts;
import io.flotilla.pilot.world.Http;
import io.flotilla.pilot.world.World;
import io.flotilla.pilot.world.WorldStream;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** Pilot holds endpoints of the namespaces that its proxies import, and serves nobody before they are there. */
@QuarkusTest
@QuarkusTestResource(FreePorts.class)
@TestProfile(ScopeQuarkusTest.OfItsOwn.class)
class ScopeQuarkusTest {
    private static final String FOUR = Namespaces.namespace("a", 1)
            + Namespaces.namespace("b", 2)
            + Namespaces.namespace("c", 3)
            + Namespaces.namespace("d", 4)
            + Namespaces.sidecar("istio-system", "./*");

    /** Its Pilot has served no other test, and so holds nothing yet. */
    public static class OfItsOwn implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("flotilla.server-first-delay", "101ms");
        }
    }

    @TestHTTPResource("/debug/endpointz")
    @SuppressWarnings("NullAway.Init") // set by Quarkus
    URI endpointz;

    private final Http http = Http.direct();

    @Test
    void holdsWhatItsProxiesImportAndServesItWhole() throws Exception {
        try (World world = new World()) {
            world.galley().publish("mesh.yaml", FOUR);
            assertThat(held(page -> page.startsWith("200"))).doesNotContain("10.44.1.");
            try (WorldStream a = proxy("a")) {
                assertThat(endpoints(a)).containsExactly(Map.entry("a", List.of("10.44.1.1")));
                assertThat(http.get(endpointz.toString()))
                        .contains("10.44.1.1:80")
                        .doesNotContain("10.44.1.2", "10.44.1.3");
                try (WorldStream b = proxy("b")) {
                    assertThat(endpoints(b)).containsExactly(Map.entry("b", List.of("10.44.1.2")));
                }
                // What is imported from now on is there when the proxy first hears of it.
                world.galley().publish("import.yaml", Namespaces.sidecar("a", "./*, c/*"));
                Map<String, List<String>> told = new TreeMap<>();
                while (!told.containsKey("c")) {
                    DiscoveryResponse next = a.next();
                    a.answer(next, null, names(next));
                    if (next.getTypeUrl().equals(TypeUrls.CLUSTER)) {
                        a.ask(TypeUrls.ENDPOINT, names(next));
                    } else {
                        told.putAll(assignments(next));
                    }
                }
                assertThat(told).containsEntry("c", List.of("10.44.1.3"));
                assertThat(http.get(endpointz.toString()))
                        .contains("10.44.1.3:80")
                        .doesNotContain("10.44.1.4");
                world.galley().stop();
                served(a, "a");
                refusedWhileGalleyIsAway();
            }
            world.galley().start();
            // It was asked for when the proxy came, and is here when that comes again.
            assertThat(held(page -> page.contains("10.44.1.4:80"))).contains("10.44.1.4:80");
            try (WorldStream d = proxy("d")) {
                assertThat(endpoints(d)).containsExactly(Map.entry("d", List.of("10.44.1.4")));
            }
        }
    }

    private void served(WorldStream before, String namespace) throws Exception {
        assertThat(before.ended()).isFalse();
        try (WorldStream another = proxy(namespace)) {
            assertThat(endpoints(another)).containsKey("a");
        }
    }

    // Nobody can say where the services of its namespace are.
    private void refusedWhileGalleyIsAway() throws Exception {
        try (WorldStream d = proxy("d")) {
            d.ask(TypeUrls.CLUSTER);
            Status end = d.end();
            assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(end.getDescription()).contains("has not come from Galley yet");
        }
    }

    private String held(java.util.function.Predicate<String> good) throws Exception {
        return Eventually.get(() -> http.get(endpointz.toString()), good);
    }

    // What the first load assignments say of each service of the mesh that the first clusters are for.
    private static Map<String, List<String>> endpoints(WorldStream stream) throws Exception {
        stream.ask(TypeUrls.CLUSTER);
        DiscoveryResponse clusters = stream.next();
        stream.answer(clusters, null);
        stream.ask(TypeUrls.ENDPOINT, names(clusters));
        return assignments(stream.next());
    }

    private static String[] names(DiscoveryResponse response) throws Exception {
        List<String> names = new ArrayList<>();
        for (Any each : response.getResourcesList()) {
            if (each.is(Cluster.class)) {
                Cluster cluster = each.unpack(Cluster.class);
                if (cluster.getType() == Cluster.DiscoveryType.EDS) {
                    names.add(cluster.getName());
                }
            } else {
                names.add(each.unpack(ClusterLoadAssignment.class).getClusterName());
            }
        }
        return names.toArray(String[]::new);
    }

    private static Map<String, List<String>> assignments(DiscoveryResponse response) throws Exception {
        Map<String, List<String>> all = new TreeMap<>();
        for (Any each : response.getResourcesList()) {
            ClusterLoadAssignment assignment = each.unpack(ClusterLoadAssignment.class);
            String host = assignment.getClusterName().replaceAll(".*\\|", "");
            all.put(
                    host.substring(0, host.indexOf('.')),
                    assignment.getEndpointsList().stream()
                            .flatMap(locality -> locality.getLbEndpointsList().stream())
                            .map(endpoint -> endpoint.getEndpoint()
                                    .getAddress()
                                    .getSocketAddress()
                                    .getAddress())
                            .toList());
        }
        return all;
    }

    private static WorldStream proxy(String namespace) {
        return new WorldStream(
                NettyChannelBuilder.forAddress(
                                "127.0.0.1", ConfigProvider.getConfig().getValue("flotilla.port", Integer.class))
                        .usePlaintext()
                        .build(),
                "sidecar~10.44.9.9~" + namespace + "-0." + namespace + "~" + namespace + ".svc.cluster.local",
                Map.of());
    }
}
