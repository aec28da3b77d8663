package io.flotilla.bench.routes;

import io.flotilla.bench.envoy.Caller;
import io.flotilla.bench.envoy.EnvoyProcess;
import io.flotilla.bench.envoy.LocalServer;
import io.flotilla.bench.envoy.Waiting;
import io.flotilla.discovery.MemorySource;
import io.flotilla.discovery.TypeUrls;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Edits one host's route many times and says what each edit cost: bytes on the wire, time from the change of the view
 * to the first response that is routed the new way, processor time of Envoy. Arguments: hosts (1000), edits (200).
 */
public final class RoutesBench {
    private final Mode mode;
    private final int hosts;
    private final int edits;
    private final MemorySource source = new MemorySource();

    private RoutesBench(Mode mode, int hosts, int edits) {
        this.mode = mode;
        this.hosts = hosts;
        this.edits = edits;
    }

    public static void main(String[] args) throws IOException {
        int hosts = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
        int edits = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        System.out.println("hosts\tmode\tinitial KB\tKB/edit\tp50 ms\tp99 ms\tEnvoy CPU ms/edit\tMB\tfirst request");
        for (Mode mode : Mode.values()) {
            System.out.println(new RoutesBench(mode, hosts, edits).run());
        }
    }

    private String run() throws IOException {
        int port = LocalServer.freePort();
        RouteResources resources = new RouteResources(mode, hosts, port);
        source.publish(resources.view());
        try (LocalServer server = new LocalServer(source, 0);
                EnvoyProcess envoy = new EnvoyProcess(server.port());
                Caller caller = Caller.connect(port)) {
            return measure(envoy, server, resources, caller);
        }
    }

    private String measure(EnvoyProcess envoy, LocalServer server, RouteResources resources, Caller caller)
            throws IOException {
        long asked = System.nanoTime();
        String first = caller.ask(RouteResources.domain(hosts / 2));
        double firstMillis = (System.nanoTime() - asked) / 1e6;
        long initial = server.wireBytes();
        double[] millis = new double[edits];
        for (int i = 0; i < edits; i++) {
            source.publish(resources.edit(hosts / 2, i + 1));
            String wanted = "200 v" + (i + 1);
            millis[i] = Waiting.until(
                    wanted, () -> caller.ask(RouteResources.domain(hosts / 2)).equals(wanted));
        }
        Arrays.sort(millis);
        long bytes = server.wireBytes();
        long cpu = envoy.cpuMillis();
        editSilently(server, resources);
        return String.format(
                Locale.ROOT,
                "%d\t%s\t%.1f\t%.2f\t%.1f\t%.1f\t%.2f\t%d\t%s in %.1f ms",
                hosts,
                mode,
                initial / 1024.0,
                (server.wireBytes() - bytes) / 1024.0 / edits,
                millis[edits / 2],
                millis[Math.min(edits - 1, edits * 99 / 100)],
                (envoy.cpuMillis() - cpu) / (double) edits,
                envoy.residentKilobytes() / 1024,
                first,
                firstMillis);
    }

    /** The same edits without requests, each when Envoy has taken the one before: what Envoy's processor time is for. */
    private void editSilently(LocalServer server, RouteResources resources) {
        String type = mode == Mode.WHOLE ? TypeUrls.ROUTE : TypeUrls.VIRTUAL_HOST;
        for (int i = 0; i < edits; i++) {
            long before = server.accepted(type);
            source.publish(resources.edit(hosts / 2, edits + i + 1));
            Waiting.until("an answer", () -> server.accepted(type) > before);
        }
    }
}
