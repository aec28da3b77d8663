package io.flotilla.bench.routes;

import io.flotilla.bench.envoy.Caller;
import io.flotilla.bench.envoy.EnvoyProcess;
import io.flotilla.bench.envoy.LocalServer;
import io.flotilla.bench.envoy.Waiting;
import io.flotilla.discovery.MemorySource;
import io.flotilla.discovery.TypeUrls;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What virtual host discovery must keep to be used: no request without a route after a cold start, while the rest of
 * the route configuration changes, or while the server is replaced; and hosts that go and come. Arguments: hosts
 * (1000), cold starts (20).
 */
public final class RoutesBehaviour {
    private final int hosts;
    private final MemorySource source = new MemorySource();

    private RoutesBehaviour(int hosts) {
        this.hosts = hosts;
    }

    public static void main(String[] args) throws IOException {
        int hosts = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
        int starts = args.length > 1 ? Integer.parseInt(args[1]) : 20;
        RoutesBehaviour behaviour = new RoutesBehaviour(hosts);
        int failed = 0;
        for (int i = 0; i < starts; i++) {
            failed += behaviour.coldStart() ? 0 : 1;
        }
        System.out.println("cold starts: " + starts + ", without a route at the first request: " + failed);
        behaviour.underTraffic();
    }

    private boolean coldStart() throws IOException {
        int port = LocalServer.freePort();
        source.publish(new RouteResources(Mode.PUSHED, hosts, port).view());
        try (LocalServer server = new LocalServer(source, 0);
                EnvoyProcess envoy = new EnvoyProcess(server.port());
                Caller caller = Caller.connect(port)) {
            return envoy.cpuMillis() >= 0
                    && caller.ask(RouteResources.domain(hosts - 1)).equals("200 v0");
        }
    }

    private void underTraffic() throws IOException {
        int port = LocalServer.freePort();
        RouteResources resources = new RouteResources(Mode.PUSHED, hosts, port);
        source.publish(resources.view());
        LocalServer first = new LocalServer(source, 0);
        try (EnvoyProcess envoy = new EnvoyProcess(first.port());
                Caller caller = Caller.connect(port)) {
            try (Traffic traffic = new Traffic(port)) {
                for (int i = 0; i < 20; i++) {
                    long before = first.accepted(TypeUrls.ROUTE);
                    source.publish(resources.editBase());
                    Waiting.until("the base", () -> first.accepted(TypeUrls.ROUTE) > before);
                }
                traffic.tell("20 edits of the route configuration itself");
                source.publish(resources.withoutHost(1));
                Waiting.until("404", () -> caller.ask(RouteResources.domain(1)).startsWith("404"));
                source.publish(resources.edit(1, 7));
                Waiting.until("back", () -> caller.ask(RouteResources.domain(1)).equals("200 v7"));
                traffic.tell("another host removed and back");
                replaceServer(first, resources, caller);
                traffic.tell("the server replaced, with an edit and a removal meanwhile");
                System.out.println("config_dump shows a discovered host: "
                        + envoy.admin("/config_dump?resource=dynamic_route_configs")
                                .contains(RouteResources.domain(hosts / 2)));
                System.out.println("Envoy: " + envoy.residentKilobytes() / 1024 + " MB");
            }
        }
    }

    private void replaceServer(LocalServer first, RouteResources resources, Caller caller) throws IOException {
        int port = first.port();
        first.close();
        source.publish(resources.edit(2, 8));
        source.publish(resources.withoutHost(3));
        try (LocalServer second = new LocalServer(source, port)) {
            double millis = Waiting.until(
                    "the edit", () -> caller.ask(RouteResources.domain(2)).equals("200 v8"));
            Waiting.until(
                    "the removal", () -> caller.ask(RouteResources.domain(3)).startsWith("404"));
            System.out.printf(
                    "after a restart in sync again in %.0f ms with %.1f KB%n", millis, second.wireBytes() / 1024.0);
        }
    }

    /** One connection that asks for a host that is always there. */
    private final class Traffic implements AutoCloseable {
        private final AtomicInteger requests = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();
        private final AtomicBoolean over = new AtomicBoolean();
        private final Thread thread;

        Traffic(int port) {
            thread = Thread.ofVirtual().start(() -> {
                try (Caller caller = Caller.connect(port)) {
                    while (!over.get()) {
                        requests.incrementAndGet();
                        failed.addAndGet(
                                caller.ask(RouteResources.domain(hosts / 2)).equals("200 v0") ? 0 : 1);
                    }
                } catch (IOException e) {
                    failed.incrementAndGet();
                }
            });
        }

        void tell(String during) {
            System.out.println(during + ": " + requests.getAndSet(0) + " requests, failed " + failed.getAndSet(0));
        }

        @Override
        public void close() {
            over.set(true);
            Waiting.until("the last answer", () -> !thread.isAlive());
        }
    }
}
