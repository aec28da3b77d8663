package io.flotilla.galley.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.discovery.Groups;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.client.ClientSettings;
import io.flotilla.discovery.client.DiscoveryClient;
import io.flotilla.discovery.client.Update;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Publisher;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.ForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A reader of some namespaces is told of no endpoint and no workload of the others, whatever of these moves. */
class ScopedReadersTest {
    private long now = 1_000;
    private final Publisher publisher = new Publisher(
            Set.of(SourceName.DIRECTORY), ReadOptions.DEFAULT, RegistryOptions.DEFAULT, "istio-system", () -> now++);
    private final ServedViews views = new ServedViews();
    private final ConfigServers servers = PlainServers.start(views, -1);
    private final BlockingQueue<Update> updates = new LinkedBlockingQueue<>();
    private final Set<String> onTheWire = ConcurrentHashMap.newKeySet();

    /** Sees what comes, before the client leaves anything out. */
    private final class Seen implements ClientInterceptor {
        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return new ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<R> listener, Metadata headers) {
                    super.start(
                            new ForwardingClientCallListener.SimpleForwardingClientCallListener<>(listener) {
                                @Override
                                public void onMessage(R message) {
                                    note((DeltaDiscoveryResponse) message);
                                    super.onMessage(message);
                                }
                            },
                            headers);
                }
            };
        }
    }

    private void note(DeltaDiscoveryResponse response) {
        if (TypeUrls.BY_NAMESPACE.contains(response.getTypeUrl())) {
            response.getResourcesList().forEach(each -> onTheWire.add(Groups.group(each.getName())));
            response.getRemovedResourcesList().forEach(name -> onTheWire.add(Groups.group(name)));
        }
    }

    @AfterEach
    void stop() {
        servers.close();
    }

    /** A service of the namespace's name with so many pods. */
    private void put(String namespace, int number, int pods) {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s, namespace: %1$s}
                spec: {clusterIP: 10.96.1.%2$d, selector: {app: %1$s}, ports: [{name: http, port: 80}]}
                """.formatted(namespace, number));
        for (int i = 0; i < pods; i++) {
            yaml.append("""
                    ---
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: %1$s-%3$d, namespace: %1$s, labels: {app: %1$s}}
                    spec: {containers: [{name: app, image: app}]}
                    status: {podIP: 10.44.%2$d.%3$d, podIPs: [{ip: 10.44.%2$d.%3$d}], conditions: [{type: Ready, status: "True"}]}
                    """.formatted(namespace, number, i));
        }
        views.publish(
                publisher.apply(SourceName.DIRECTORY, Map.of(namespace + ".yaml", Optional.of(yaml.toString())), true));
    }

    private DiscoveryClient pilot(String... namespaces) {
        DiscoveryClient client = new DiscoveryClient(
                ClientSettings.of(Node.newBuilder().setId("pilot").build(), Set.copyOf(Collections.typeUrls())),
                () -> NettyChannelBuilder.forAddress("127.0.0.1", servers.port())
                        .usePlaintext()
                        .intercept(new Seen())
                        .build(),
                updates::add);
        client.want(Groups.of(List.of(namespaces)));
        return client.start();
    }

    private Update next() throws InterruptedException {
        Update update = updates.poll(60, TimeUnit.SECONDS);
        if (update == null) {
            throw new AssertionError("no update within 60 s");
        }
        return update;
    }

    private void untilThereAre(int workloads) throws InterruptedException {
        Update update = next();
        while (of(update, "Workload") < workloads) {
            update = next();
        }
        assertThat(of(update, "Workload")).isEqualTo(workloads);
    }

    private static int of(Update update, String kind) {
        return update.view().type("flotilla.registry.v1/" + kind).size();
    }

    @Test
    void endpointsAndWorkloadsOfOtherNamespacesAreNotTold() throws Exception {
        put("a", 1, 2);
        put("b", 2, 3);
        put("c", 3, 1);
        try (DiscoveryClient client = pilot("a")) {
            Update first = next();
            // Changes that come shortly one after the other may be told in more than one step.
            while (of(first, "Service") < 3) {
                first = next();
            }
            assertThat(of(first, "Service")).as("services of all namespaces").isEqualTo(3);
            assertThat(of(first, "EndpointSlice")).isEqualTo(1);
            assertThat(of(first, "Workload")).isEqualTo(2);
            put("b", 2, 4);
            put("c", 3, 0);
            put("a", 1, 3);
            untilThereAre(3);
            assertThat(onTheWire).containsExactly("a");
            client.want(Groups.of(List.of("a", "b")));
            untilThereAre(7);
            assertThat(onTheWire).containsExactlyInAnyOrder("a", "b");
        }
    }
}
