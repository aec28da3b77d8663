package io.flotilla.envoy.behaviour;

import static io.flotilla.envoy.behaviour.ExplainedFeaturesTest.agree;
import static io.flotilla.envoy.behaviour.ExplainedFeaturesTest.connection;
import static io.flotilla.envoy.behaviour.ExplainedFeaturesTest.mesh;
import static io.flotilla.envoy.behaviour.ExplainedFeaturesTest.requests;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Keys;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The same where patches, balancers and scopes decide, for what a mesh does not know, for callers that choose an address,
 * for gRPC, old HTTP and websockets; ten of each.
 */
class ExplainedPlacesTest {
    private static final ProxyView CLIENT = Proxies.sidecar("client", "v1");
    private static final String HERE = "127.0.0.1";

    private final Random random = new Random(20_261_123);

    private String pick(String... of) {
        return of[random.nextInt(of.length)];
    }

    @Test
    void patchedRoutesAreAsExplained() throws IOException {
        MeshSnapshot mesh = mesh("patches");
        try (Workbench bench = Workbench.start(mesh, CLIENT)) {
            for (String path : List.of("/inserted", "/inserted/x", "/before", "/dropped", "/merged", "/faulty", "/")) {
                requests(mesh, CLIENT, bench, () -> bench.get("web.test", 80, path + pick("", "?x=1")));
            }
            for (String host : List.of("cut.test", "added.test")) {
                requests(mesh, CLIENT, bench, () -> bench.get(host, 80, pick("/", "/x")));
            }
        }
    }

    @Test
    void edgesBehindABalancerDoAsExplained() throws IOException {
        MeshSnapshot mesh = mesh("announced");
        ProxyView view = Proxies.ingress();
        try (Workbench bench = Workbench.start(mesh, view)) {
            ExplainedFeaturesTest.Sending announced =
                    call -> bench.announced(call).logged();
            for (String host : List.of("web.example.com", "nobody.example.com")) {
                agree(mesh, view, () -> entering(host), announced);
                agree(mesh, view, () -> entering(host).old(), announced);
                agree(mesh, view, () -> upgrading(entering(host), "websocket"), announced);
            }
        }
    }

    private Call entering(String host) {
        return Call.get(host, 8080, pick("/", "/x")).from(pick("198.51.100.7", "198.51.100.9", "10.44.3.3"));
    }

    private static Call upgrading(Call call, String to) {
        return call.with("connection", "Upgrade").with("upgrade", to);
    }

    @Test
    void oldRequestsAndUpgradesAreAsExplained() throws IOException {
        MeshSnapshot kinds = mesh("protocols");
        try (Workbench bench = Workbench.start(kinds, CLIENT)) {
            requests(
                    kinds,
                    CLIENT,
                    bench,
                    () -> bench.get("kinds", 8001, pick("/", "/x")).old());
            requests(kinds, CLIENT, bench, () -> upgrading(bench.get("kinds", 8001, pick("/", "/x")), "websocket"));
        }
    }

    @Test
    void callsOfGrpcGoAsExplained() throws IOException {
        MeshSnapshot mesh = mesh("grpc");
        try (Workbench bench = Workbench.start(mesh, CLIENT);
                EchoServer server = new EchoServer("v")) {
            bench.apps().named("echo-").forEach(app -> app.http2(server.port()));
            for (String method : List.of("Say", "Count")) {
                requests(mesh, CLIENT, bench, () -> calling(bench, method));
            }
            requests(
                    mesh,
                    CLIENT,
                    bench,
                    () -> calling(bench, pick("Say", "Count")).with("x-abort", "yes"));
        }
    }

    private Call calling(Workbench bench, String method) {
        return bench.get("echo", 50051, "/flotilla.Echo/" + method)
                .method("POST")
                .with("content-type", pick("application/grpc", "application/grpc+proto"));
    }

    @Test
    void whatIsKnownAndWhatNotIsAsExplained() throws IOException {
        Keys keys = new Keys();
        try (App http = App.alone("asked-http", HERE, keys);
                App tcp = App.alone("asked-tcp", HERE, keys);
                App tls = App.alone("asked-tls", HERE, keys);
                App first = App.alone("127.0.0.2", "127.0.0.2", keys);
                App second = App.alone("127.0.0.4", "127.0.0.4", first.port(), keys)) {
            String yaml = Files.readString(Path.of("src/test/resources/behaviour/registry.yaml"))
                    .replaceAll("HTTP_PORT", Integer.toString(http.port()))
                    .replaceAll("TCP_PORT", Integer.toString(tcp.port()))
                    .replaceAll("DB_PORT", Integer.toString(second.port()))
                    .replaceAll("TLS_PORT", Integer.toString(tls.port()));
            MeshSnapshot open = MeshFiles.of(yaml);
            MeshSnapshot strict = MeshFiles.of(
                    yaml + RegistryBehaviourTest.policy("{mode: REGISTRY_ONLY}") + RegistryBehaviourTest.SIDECAR);
            for (MeshSnapshot mesh : List.of(open, strict)) {
                try (Workbench bench = Workbench.start(mesh, CLIENT, keys)) {
                    for (String host : List.of(
                            "headless",
                            "headless-1.headless.default.svc.cluster.local",
                            "none.test",
                            "any.wild.test",
                            "passed.test")) {
                        requests(
                                mesh,
                                CLIENT,
                                bench,
                                () -> Call.get(host, http.port(), pick("/", "/x"))
                                        .to(HERE));
                    }
                    requests(
                            mesh,
                            CLIENT,
                            bench,
                            () -> Call.get("nobody" + random.nextInt(9) + ".test", http.port(), "/")
                                    .to(HERE));
                    agree(mesh, CLIENT, () -> connection(HERE, tcp.port(), ""), bench::logOf);
                    agree(mesh, CLIENT, () -> connection(HERE, tls.port(), "any.wild.test"), bench::logOf);
                    for (App pod : List.of(first, second)) {
                        agree(mesh, CLIENT, () -> connection(pod.name(), pod.port(), ""), bench::logOf);
                    }
                }
            }
            try (Workbench bench = Workbench.start(strict, CLIENT, keys)) {
                for (String host : List.of("hidden.test", "elsewhere.test", "told.test")) {
                    requests(strict, CLIENT, bench, () -> bench.get(host, 80, pick("/", "/x")));
                }
            }
        }
    }
}
