package io.flotilla.envoy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.analysis.Positions;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.Capture;
import io.flotilla.envoy.Families;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.explain.Explainer;
import io.flotilla.envoy.explain.Explanation;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Keys;
import io.flotilla.envoy.workbench.Logged;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same for connections by name, port and address, for edges, for egress, for what a port speaks, for each kind of
 * service and each policy of a destination; ten of each.
 */
class ExplainedFeaturesTest {
    private static final int OF_EACH = 10;
    private static final int SWITCHED = 101;
    private static final List<String> SOURCES = List.of("10.44.0.9", "10.44.7.9", "10.44.3.3");

    private final Random random = new Random(20_261_122);

    private <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    static MeshSnapshot mesh(String name) {
        return MeshFiles.files(Path.of("src/test/resources/behaviour/" + name + ".yaml"));
    }

    /** How a test sends what it has explained. */
    @FunctionalInterface
    interface Sending {
        Logged send(Call call) throws IOException;
    }

    /** One call that chance makes. */
    @FunctionalInterface
    interface Making {
        Call make();
    }

    static void agree(MeshSnapshot mesh, ProxyView view, Making making, Sending sending) throws IOException {
        for (int i = 0; i < OF_EACH; i++) {
            Call call = making.make();
            Explanation said = Explainer.explain(mesh, view, List.of(), Positions.OF_OBJECTS, call);
            Logged did = sending.send(call);
            String what = call + ": explained " + said + ", logged " + did;
            assertThat(did.route()).as(what).isEqualTo(said.prediction().route());
            // Flags of a request that became a tunnel tell which side ended it.
            if (did.code() != SWITCHED) {
                assertThat(did.flags()).as(what).isEqualTo(said.prediction().flags());
            }
            if (said.prediction().clusters().isEmpty()) {
                assertThat(did.cluster()).as(what).isEmpty();
            } else {
                assertThat(said.prediction().clusters()).as(what).contains(did.cluster());
            }
        }
    }

    static Call connection(String address, int port, String sni) {
        return ConnectionsBehaviourTest.connection(address, port).tls(sni);
    }

    @Test
    void connectionsGoAsExplained() throws IOException {
        MeshSnapshot mesh = mesh("connections");
        ProxyView view = Proxies.sidecar("client", "v1");
        List<String> names = List.of(
                "one.tls.test",
                "plain.tls.test",
                "caller.tls.test",
                "x.wide.tls.test",
                "q.wide.tls.test",
                "wide.tls.test");
        List<String> addresses = List.of("10.62.0.1", "10.63.1.1", "10.63.1.9", "10.63.9.9", "10.64.0.1", "10.65.0.1");
        List<Integer> ports = List.of(9000, 9001, 9002, 9100);
        try (Workbench bench = Workbench.start(mesh, view)) {
            List<String> known = bench.resources().listeners().stream()
                    .map(listener -> listener.getName())
                    .toList();
            for (String name : names) {
                agree(mesh, view, () -> connection("240.0.0.9", pick(List.of(443, 8443)), name), bench::logOf);
            }
            for (String address : addresses) {
                agree(mesh, view, () -> captured(known, address, ports), bench::logOf);
            }
        }
    }

    // What nobody knows would go to an address that is not there.
    private Call captured(List<String> listeners, String address, List<Integer> ports) {
        while (true) {
            Call call = connection(address, pick(ports), "").from(pick(SOURCES));
            boolean ranged = call.port() == 9100 && call.address().startsWith("10.63.");
            if (ranged || listeners.contains(call.address() + "_" + call.port())) {
                return call;
            }
        }
    }

    @Test
    void edgesDoAsExplained() throws IOException {
        MeshSnapshot mesh = mesh("edge");
        ProxyView view = Proxies.ingress();
        List<String> hosts = List.of(
                "redirect.example.com",
                "plain.example.com",
                "a.two.example.com",
                "simple.example.com",
                "mutual.example.com",
                "mesh.example.com",
                "a.wide.example.com",
                "unknown.example.com");
        List<String> ended =
                List.of("simple.example.com", "mutual.example.com", "mesh.example.com", "a.wide.example.com");
        List<String> paths = List.of("/", "/old", "/second/x", "/x?y=1");
        try (Workbench bench = Workbench.start(mesh, view)) {
            Sending request = call -> bench.enter(call).logged();
            for (String host : hosts) {
                agree(mesh, view, () -> Call.get(host, 8080, pick(paths)).with("host-of", "plain"), request);
            }
            for (String name : ended) {
                agree(mesh, view, () -> Call.get(pick(hosts), 8443, pick(paths)).tls(name), request);
            }
            for (Call call : List.of(
                    connection("10.96.11.1", 8443, "pass.example.com"),
                    connection("10.96.11.1", 8443, "z.pass.example.com"),
                    connection("10.96.11.1", 9443, "ended.example.com"),
                    connection("10.96.11.1", 9000, ""))) {
                agree(mesh, view, () -> call, bench::logAtEdge);
            }
        }
    }

    @Test
    void egressAndProtocolsAreAsExplained(@TempDir Path scratch) throws IOException {
        Keys keys = new Keys();
        Path roots = Files.writeString(scratch.resolve("roots.pem"), keys.rootPem());
        ProxyView view = Proxies.sidecar("client", "v1");
        MeshSnapshot egress = MeshFiles.of(Files.readString(Path.of("src/test/resources/behaviour/egress.yaml"))
                .replace("ROOTS", roots.toString())
                .replace("ASKED_PORT", "8443"));
        try (Workbench bench = Workbench.start(egress, view, keys)) {
            List<String> hosts =
                    List.of("simple.example.com", "mutual.example.com", "direct.example.com", "tls.example.com");
            for (String host : hosts) {
                requests(egress, view, bench, () -> bench.get(host, 80, pick(List.of("/", "/x"))));
            }
            agree(egress, view, () -> connection("240.0.0.9", 443, "tls.example.com"), bench::logOf);
        }
        MeshSnapshot kinds = mesh("protocols");
        try (Workbench bench = Workbench.start(kinds, view)) {
            for (int port : new int[] {8001, 8011, 8012, 8016, 8018}) {
                requests(kinds, view, bench, () -> bench.get("kinds", port, "/"));
            }
            for (int port : new int[] {8005, 8006, 8007, 8008, 8009, 8010, 8011, 8014, 8015}) {
                agree(kinds, view, () -> connection("10.96.9.1", port, pick(List.of("", "x.test"))), bench::logOf);
            }
        }
    }

    static void requests(MeshSnapshot mesh, ProxyView view, Workbench bench, Making making) throws IOException {
        agree(mesh, view, making, call -> bench.send(call).logged());
    }

    @Test
    void servicesOfEachKindAreCalledAsExplained() throws IOException {
        ProxyView view = Proxies.sidecar("client", "v1");
        MeshSnapshot registry = MeshFiles.of(Files.readString(Path.of("src/test/resources/behaviour/registry.yaml"))
                .replaceAll("HTTP_PORT", "18080")
                .replaceAll("TCP_PORT", "18081")
                .replaceAll("DB_PORT", "18082")
                .replaceAll("TLS_PORT", "18083"));
        try (Workbench bench = Workbench.start(registry, view)) {
            for (String host : List.of(
                    "dns.test",
                    "itself.test",
                    "round.test",
                    "static.test",
                    "alias",
                    "selecting.test",
                    "node",
                    "told.test",
                    "elsewhere.test")) {
                requests(registry, view, bench, () -> bench.get(host, 80, pick(List.of("/", "/x"))));
            }
            for (String address : List.of("10.71.0.9", "10.71.200.1", "10.72.0.5")) {
                agree(registry, view, () -> connection(address, 9000, ""), bench::logOf);
            }
        }
        MeshSnapshot families = mesh("families");
        ProxyView both = new ProxyView(view.role(), view.workload(), "", new Capture.Redirect(Families.BOTH), "");
        try (Workbench bench = Workbench.start(families, both)) {
            requests(
                    families,
                    both,
                    bench,
                    () -> Call.get("six.test", 80, "/")
                            .to(pick(List.of("fd00:97::1", "fd00:98::7")))
                            .from("fd00:44::9"));
            requests(
                    families,
                    both,
                    bench,
                    () -> Call.get("both", 80, "/").to("fd00:96::1").from("fd00:44::9"));
            agree(
                    families,
                    both,
                    () -> connection(pick(List.of("fd00:97::1", "fd00:98::77")), 9001, "")
                            .from("fd00:44::9"),
                    bench::logOf);
        }
    }

    @Test
    void destinationsWithPoliciesAreCalledAsExplained() throws IOException {
        MeshSnapshot mesh = mesh("balancing");
        ProxyView view = Proxies.sidecar("client", "v1");
        ProxyView here = new ProxyView(view.role(), view.workload(), "r1/z1/s1", view.capture(), "");
        try (Workbench bench = Workbench.start(mesh, here)) {
            for (String host : List.of(
                    "cookie.test",
                    "source.test",
                    "query.test",
                    "maglev.test",
                    "ring.test",
                    "random.test",
                    "robin.test",
                    "least.test",
                    "warm.test",
                    "near.test",
                    "labelled.test",
                    "shared.test",
                    "zones.test",
                    "again.test",
                    "remote.test",
                    "placed")) {
                requests(
                        mesh,
                        here,
                        bench,
                        () -> bench.get(host, 80, pick(List.of("/", "/x?user=a")))
                                .with("x-user", pick(List.of("a", "b")))
                                .from(pick(SOURCES)));
            }
            for (String path : List.of("/v1", "/v2", "/")) {
                requests(mesh, here, bench, () -> bench.get("levels.test", pick(List.of(80, 81)), path));
            }
        }
    }
}
