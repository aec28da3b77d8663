package io.flotilla.bench.serving;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.discovery.Groups;
import io.flotilla.discovery.MemorySource;
import io.flotilla.discovery.client.ClientSettings;
import io.flotilla.discovery.client.DiscoveryClient;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.Tuning;
import io.flotilla.pilot.feed.MeshFeed;
import io.flotilla.pilot.push.Rounds;
import io.flotilla.pilot.push.Views;
import io.flotilla.pilot.scope.Holding;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The live heap of a replica of Pilot with one proxy, in a mesh without scopes and in one where each namespace imports
 * itself alone; Galley's part, which is in the same process, is told apart by what was there before. Arguments: services,
 * namespaces, endpoints of each service.
 */
public final class HoldingBench {
    private static final double MIB = 1024.0 * 1024.0;
    private static final Duration LONG = Duration.ofMinutes(10);

    private HoldingBench() {}

    public static void main(String[] args) throws Exception {
        int services = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        int namespaces = args.length > 1 ? Integer.parseInt(args[1]) : 100;
        int endpoints = args.length > 2 ? Integer.parseInt(args[2]) : 10;
        NamespacedMesh mesh = new NamespacedMesh(services, namespaces, endpoints);
        for (boolean scoped : new boolean[] {false, true}) {
            MemorySource source = new MemorySource();
            source.publish(mesh.view(scoped));
            XdsServer xds = new XdsServer(source, DeliveryOrder.NONE, "bench");
            Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(xds.aggregated())
                    .build()
                    .start();
            replica(server.getPort(), scoped, mesh);
            xds.close();
            server.shutdownNow().awaitTermination(1, TimeUnit.MINUTES);
        }
    }

    private static void replica(int port, boolean scoped, NamespacedMesh mesh) throws Exception {
        double before = live();
        Views views = new Views(Tuning.defaults(), LONG, InstantSource.system(), (type, streams) -> {});
        AtomicReference<Holding> holding = new AtomicReference<>();
        AtomicReference<DiscoveryClient> galley = new AtomicReference<>();
        try (Rounds rounds = new Rounds(views, () -> there(holding).advanced(), Runnable::run)) {
            holding.set(new Holding(
                    new Holding.Links(groups -> there(galley).want(groups), () -> true, rounds::submit, views::mesh),
                    Groups.of(Set.of("istio-system")),
                    new Holding.Terms(LONG, LONG),
                    InstantSource.system()));
            CountDownLatch first = new CountDownLatch(1);
            try (MeshFeed feed = new MeshFeed(MeshSettings.defaults(), null, state -> {
                        boolean taken = there(holding).offer(state);
                        if (taken) {
                            first.countDown();
                        }
                        return taken;
                    });
                    DiscoveryClient client = new DiscoveryClient(
                            ClientSettings.of(
                                    Node.newBuilder().setId("pilot").build(),
                                    new HashSet<>(Collections.proxyTypeUrls())),
                            () -> NettyChannelBuilder.forAddress("127.0.0.1", port)
                                    .usePlaintext()
                                    .build(),
                            feed)) {
                galley.set(client);
                rounds.start();
                client.want(there(holding).asked());
                client.start();
                first.await();
                Proxy proxy = proxy();
                CountDownLatch told = new CountDownLatch(1);
                if (!there(holding).enter(1, proxy)) {
                    throw new IllegalStateException("what the proxy needs has not come");
                }
                Views.Member member = views.join(proxy, true, view -> told.countDown());
                told.await();
                System.out.printf(
                        "%d services in %d namespaces, %d endpoints each, %s: %.0f MiB of live heap%n",
                        mesh.services(),
                        mesh.namespaces(),
                        mesh.endpoints(),
                        scoped ? "one namespace imported" : "all imported",
                        live() - before);
                member.close();
            }
        }
    }

    private static <T> T there(AtomicReference<T> reference) {
        return Objects.requireNonNull(reference.get());
    }

    private static Proxy proxy() {
        Node node = Node.newBuilder()
                .setId("sidecar~10.64.0.0~x.ns-0~ns-0.svc.cluster.local")
                .build();
        return switch (Proxy.parse(node)) {
            case Proxy.Parsed.Accepted(Proxy accepted) -> accepted;
            case Proxy.Parsed.Refused(String message) -> throw new IllegalStateException(message);
        };
    }

    private static double live() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MIB;
    }
}
