package io.flotilla.bench.order;

import com.sun.net.httpserver.HttpServer;
import io.flotilla.bench.envoy.Caller;
import io.flotilla.bench.envoy.EnvoyProcess;
import io.flotilla.bench.envoy.LocalServer;
import io.flotilla.bench.envoy.Waiting;
import io.flotilla.discovery.MemorySource;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.View;
import io.flotilla.discovery.server.TypeStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Moves a route to a new cluster and takes the old one away, changes clusters in place, and replaces the server in the
 * midst of it, all under traffic: no request may fail. Arguments: edits (100).
 */
public final class OrderBehaviour {
    private static final int CALLERS = 4;
    private static final long PAUSE_NANOS = 1_000_000;

    private final MemorySource source = new MemorySource();
    private final Map<String, AtomicLong> answers = new ConcurrentSkipListMap<>();
    private final AtomicBoolean over = new AtomicBoolean();

    private OrderBehaviour() {}

    public static void main(String[] args) throws IOException {
        new OrderBehaviour().run(args.length > 0 ? Integer.parseInt(args[0]) : 100);
    }

    private void run(int edits) throws IOException {
        HttpServer upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        upstream.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'o', 'k'});
            exchange.close();
        });
        upstream.start();
        int port = LocalServer.freePort();
        OrderResources resources =
                new OrderResources(port, upstream.getAddress().getPort());
        source.publish(resources.view("c-0", 1));
        LocalServer server = new LocalServer(source, 0);
        int xds = server.port();
        List<Thread> callers = new ArrayList<>();
        try (EnvoyProcess envoy = new EnvoyProcess(xds)) {
            for (int i = 0; i < CALLERS; i++) {
                callers.add(Thread.ofVirtual().start(() -> call(port)));
            }
            for (int i = 1; i <= edits; i++) {
                source.publish(resources.view("c-" + i, 1));
                settled(server, source);
            }
            tell("moved to a new cluster " + edits + " times");
            for (int i = 1; i <= edits; i++) {
                source.publish(resources.view("c-" + edits, 1 + i));
                settled(server, source);
            }
            tell("changed the cluster " + edits + " times");
            for (int i = 1; i <= edits / 5; i++) {
                source.publish(resources.view("d-" + i, i));
                server.close();
                source.publish(resources.view("d-" + i, i + 1));
                server = new LocalServer(source, xds);
                settled(server, source);
            }
            tell("replaced the server " + edits / 5 + " times, an edit before and after each");
            over.set(true);
            callers.forEach(caller -> Waiting.until("the last answer", () -> !caller.isAlive()));
            System.out.println("Envoy: " + envoy.residentKilobytes() / 1024 + " MB");
        } finally {
            server.close();
            upstream.stop(0);
        }
    }

    /** Until Envoy has taken the clusters of the last view, and whatever else it was sent. */
    private static void settled(LocalServer server, MemorySource source) {
        View latest = Objects.requireNonNull(source.latest());
        String clusters = latest.type(TypeUrls.CLUSTER).version();
        Waiting.until(
                "in sync",
                () -> server.status(TypeUrls.CLUSTER)
                                .map(TypeStatus::accepted)
                                .map(TypeStatus.Event::version)
                                .orElse("")
                                .endsWith(clusters)
                        && server.status(TypeUrls.ROUTE)
                                .map(status -> status.sent() == null || status.synced())
                                .orElse(false));
    }

    private void call(int port) {
        while (!over.get()) {
            try (Caller caller = Caller.connect(port)) {
                while (!over.get()) {
                    count(caller.ask("any"));
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (IOException e) {
                count("broken: " + e.getMessage());
            }
        }
    }

    private void count(String answer) {
        answers.computeIfAbsent(answer, key -> new AtomicLong()).incrementAndGet();
    }

    private void tell(String during) {
        System.out.println(during + ": " + answers);
        answers.clear();
    }
}
