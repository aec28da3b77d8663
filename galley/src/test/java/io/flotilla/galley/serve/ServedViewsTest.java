package io.flotilla.galley.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.discovery.client.ManualStream;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Publisher;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServedViewsTest {
    private static final String ROUTES = "networking.istio.io/v1/VirtualService";
    private static final String ENTRIES = "networking.istio.io/v1/ServiceEntry";
    private static final String WORKLOADS = "networking.istio.io/v1/WorkloadEntry";
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: reviews}
            spec: {selector: {app: reviews}, ports: [{name: http, port: 80, targetPort: 9080}]}
            """;
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: reviews-0, labels: {app: reviews}}
            spec: {containers: [{name: app, image: reviews}]}
            status: {podIP: 10.44.0.9, podIPs: [{ip: 10.44.0.9}], conditions: [{type: Ready, status: "True"}]}
            """;
    private static final String MESH = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data: {mesh: "trustDomain: mesh.example"}
            """;

    private long now = 1_000;
    private final Publisher publisher = new Publisher(
            Set.of(SourceName.DIRECTORY), ReadOptions.DEFAULT, RegistryOptions.DEFAULT, "istio-system", () -> now++);
    private final ServedViews views = new ServedViews();
    private final ConfigServers servers = PlainServers.start(views, -1);

    @AfterEach
    void stop() {
        servers.close();
    }

    private void put(String file, String text) {
        put(Map.of(file, text));
    }

    /** In one step: what is published shortly after something else is told a moment later. */
    private void put(Map<String, String> files) {
        Map<String, Optional<String>> documents = new HashMap<>();
        files.forEach((file, text) -> documents.put(file, Optional.of(text)));
        views.publish(publisher.apply(SourceName.DIRECTORY, documents, true));
    }

    private void remove(String file) {
        views.publish(publisher.apply(SourceName.DIRECTORY, Map.of(file, Optional.empty()), true));
    }

    private static String route(String timeout) {
        return """
                apiVersion: networking.istio.io/v1beta1
                kind: VirtualService
                metadata: {name: reviews, labels: {a: b}}
                spec: {hosts: [reviews], http: [{timeout: %s, route: [{destination: {host: reviews}}]}]}
                """.formatted(timeout);
    }

    @Test
    void istiodIsAnsweredForEveryTypeAndFindsTheRegistryAmongItsOwnKinds() throws Exception {
        put(Map.of("service.yaml", SERVICE, "pod.yaml", POD, "mesh.yaml", MESH, "route.yaml", route("3s")));
        try (IstiodLike istiod = new IstiodLike(servers.port())) {
            while (!istiod.synced()) {
                istiod.take();
            }
            var route = Objects.requireNonNull(istiod.of(ROUTES).get("default/reviews"));
            assertThat(route.getBody().getTypeUrl())
                    .isEqualTo("type.googleapis.com/istio.networking.v1alpha3.VirtualService");
            assertThat(route.getBody()
                            .unpack(VirtualService.class)
                            .getHttp(0)
                            .getTimeout()
                            .getSeconds())
                    .isEqualTo(3);
            assertThat(route.getMetadata().getLabelsMap()).containsEntry("a", "b");
            var entry = Objects.requireNonNull(istiod.of(ENTRIES).get("default/reviews.registry"));
            ServiceEntry body = entry.getBody().unpack(ServiceEntry.class);
            assertThat(body.getEndpoints(0).getAddress()).isEqualTo("10.44.0.9");
            assertThat(body.getEndpoints(0).getPortsMap()).containsEntry("http", 9080);
            assertThat(istiod.of(WORKLOADS)).containsOnlyKeys("default/reviews-0.registry");
            assertThat(Objects.requireNonNull(istiod.bare.get("core/v1alpha1/MeshConfig"))
                            .getFirst()
                            .unpack(MeshConfig.class)
                            .getTrustDomain())
                    .isEqualTo("mesh.example");
            assertThat(istiod.of("extensions.istio.io/v1alpha1/TrafficExtension"))
                    .isEmpty();
        }
    }

    @Test
    void changesAndDeletionsReachItWithTheWholeOfTheirTypeAndNoOther() throws Exception {
        put(Map.of("service.yaml", SERVICE, "route.yaml", route("3s")));
        try (IstiodLike istiod = new IstiodLike(servers.port())) {
            while (!istiod.synced()) {
                istiod.take();
            }
            String before = Objects.requireNonNull(istiod.of(ROUTES).get("default/reviews"))
                    .getMetadata()
                    .getVersion();
            put("route.yaml", route("4s"));
            assertThat(istiod.take()).isEqualTo(ROUTES);
            assertThat(Objects.requireNonNull(istiod.of(ROUTES).get("default/reviews"))
                            .getMetadata()
                            .getVersion())
                    .isNotEqualTo(before);
            remove("route.yaml");
            assertThat(istiod.take()).isEqualTo(ROUTES);
            assertThat(istiod.of(ROUTES)).isEmpty();
            remove("service.yaml");
            assertThat(istiod.take()).isEqualTo(ENTRIES);
            assertThat(istiod.of(ENTRIES)).isEmpty();
        }
    }

    /** A reader that asks for the registry itself is one of ours, and is not given it twice. */
    @Test
    void whoAsksForTheRegistryIsNotGivenItRendered() throws Exception {
        put("service.yaml", SERVICE);
        var channel = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), servers.port()))
                .usePlaintext()
                .build();
        try (var stream =
                new ManualStream(channel, Node.newBuilder().setId("tool").build())) {
            stream.subscribe("flotilla.registry.v1/Service");
            stream.subscribe("networking.istio.io/v1alpha3/ServiceEntry");
            var first = stream.next(Duration.ofSeconds(60)).orElseThrow();
            var second = stream.next(Duration.ofSeconds(60)).orElseThrow();
            assertThat(List.of(first, second))
                    .filteredOn(response -> response.getTypeUrl().endsWith("/Service"))
                    .allSatisfy(
                            response -> assertThat(response.getResourcesList()).hasSize(1));
            assertThat(List.of(first, second))
                    .filteredOn(response -> response.getTypeUrl().endsWith("/ServiceEntry"))
                    .allSatisfy(
                            response -> assertThat(response.getResourcesList()).isEmpty());
        }
    }
}
