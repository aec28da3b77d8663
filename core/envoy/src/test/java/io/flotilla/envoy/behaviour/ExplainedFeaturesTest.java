package io.flotilla.envoy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.analysis.Positions;
import io.flotilla.config.snapshot.MeshSnapshot;
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

/** The same for connections by name, port and address, for edges, for egress, for what a port speaks. */
class ExplainedFeaturesTest {
    private static final int OF_EACH = 12;
    private static final List<String> SOURCES = List.of("10.44.0.9", "10.44.7.9", "10.44.3.3");

    private final Random random = new Random(20_261_122);

    private <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static MeshSnapshot mesh(String name) {
        return MeshFiles.files(Path.of("src/test/resources/behaviour/" + name + ".yaml"));
    }

    /** How a test sends what it has explained. */
    @FunctionalInterface
    private interface Sending {
        Logged send(Call call) throws IOException;
    }

    /** One call that chance makes. */
    @FunctionalInterface
    private interface Making {
        Call make();
    }

    private static void agree(MeshSnapshot mesh, ProxyView view, Making making, Sending sending) throws IOException {
        for (int i = 0; i < OF_EACH; i++) {
            Call call = making.make();
            Explanation said = Explainer.explain(mesh, view, List.of(), Positions.OF_OBJECTS, call);
            Logged did = sending.send(call);
            String what = call + ": explained " + said + ", logged " + did;
            assertThat(did.route()).as(what).isEqualTo(said.prediction().route());
            assertThat(did.flags()).as(what).isEqualTo(said.prediction().flags());
            if (said.prediction().clusters().isEmpty()) {
                assertThat(did.cluster()).as(what).isEmpty();
            } else {
                assertThat(said.prediction().clusters()).as(what).contains(did.cluster());
            }
        }
    }

    private static Call connection(String address, int port, String sni) {
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
            agree(mesh, view, () -> connection("240.0.0.9", pick(List.of(443, 8443)), pick(names)), bench::logOf);
            agree(mesh, view, () -> captured(known, addresses, ports), bench::logOf);
        }
    }

    // What nobody knows would go to an address that is not there.
    private Call captured(List<String> listeners, List<String> addresses, List<Integer> ports) {
        while (true) {
            Call call = connection(pick(addresses), pick(ports), "").from(pick(SOURCES));
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
            agree(mesh, view, () -> Call.get(pick(hosts), 8080, pick(paths)).with("host-of", "plain"), request);
            agree(mesh, view, () -> Call.get(pick(hosts), 8443, pick(paths)).tls(pick(ended)), request);
            agree(
                    mesh,
                    view,
                    () -> pick(List.of(
                            connection("10.96.11.1", 8443, pick(List.of("pass.example.com", "z.pass.example.com"))),
                            connection("10.96.11.1", 9443, "ended.example.com"),
                            connection("10.96.11.1", 9000, ""))),
                    bench::logAtEdge);
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
            agree(
                    egress,
                    view,
                    () -> bench.get(pick(hosts), 80, pick(List.of("/", "/x"))),
                    call -> bench.send(call).logged());
        }
        MeshSnapshot kinds = mesh("protocols");
        try (Workbench bench = Workbench.start(kinds, view)) {
            agree(
                    kinds,
                    view,
                    () -> bench.get("kinds", pick(List.of(8001, 8011, 8012, 8016, 8018)), "/"),
                    call -> bench.send(call).logged());
            agree(
                    kinds,
                    view,
                    () -> connection(
                            "10.96.9.1",
                            pick(List.of(8005, 8007, 8009, 8011, 8014, 8015)),
                            pick(List.of("", "x.test"))),
                    bench::logOf);
        }
    }
}
