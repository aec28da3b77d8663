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
import io.flotilla.envoy.simulation.Prediction;
import io.flotilla.envoy.simulation.Simulator;
import io.flotilla.envoy.workbench.Logged;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What `flotilla explain` says of requests that nobody chose is what a real Envoy logs of them: cluster, route and
 * response flags; ten of each rule.
 */
class ExplainedRequestsTest {
    private static final int AT_LEAST = 200;
    private static final int AT_MOST = 20_000;
    private static final int OF_EACH = 10;
    // An application's plaintext has no other scheme, chance decides of "sometimes", and the mesh knows all hosts.
    private static final Set<String> NOT_ASKED = Set.of("other-scheme", "sometimes", "allow_any");
    private static final List<String> HOSTS = List.of(
            "uri.test",
            "parts.test",
            "one.parts.test",
            "two3.parts.test",
            "answers.test",
            "changes.test",
            "troubles.test",
            "weights.test",
            "a",
            "b.default",
            "c.default.svc.cluster.local",
            "nobody");
    private static final Map<String, List<String>> PATHS = Map.of(
            "uri.test",
            List.of("/exact", "/exact/", "/prefix/x", "/re/7", "/re/x", "/FOLD/x", "/folded", "/none"),
            "parts.test",
            List.of(
                    "/method",
                    "/scheme",
                    "/scheme-https",
                    "/headers",
                    "/without",
                    "/query",
                    "/port",
                    "/caller",
                    "/namespace"),
            "one.parts.test",
            List.of("/authority", "/caller"),
            "two3.parts.test",
            List.of("/authority", "/other-caller"),
            "answers.test",
            List.of(
                    "/redirect",
                    "/permanent/x",
                    "/direct",
                    "/old/x",
                    "/exactly",
                    "/users/a/b",
                    "/nobody",
                    "/empty",
                    "/team/two",
                    "/team/x",
                    "/unknown"),
            "changes.test",
            List.of("/headers", "/mirror", "/mirrors", "/mirror-half", "/cors", "/unknown"),
            "troubles.test",
            List.of("/delay", "/abort", "/both", "/timeout", "/retries", "/codes", "/slow-tries", "/anything"));
    private static final List<String> METHODS = List.of("GET", "GET", "PUT", "DELETE", "HEAD");
    private static final List<String> QUERIES = List.of("", "", "?q=one", "?p=twice", "?r=12", "?q=1&r=x");
    private static final List<Map<String, String>> HEADERS = List.of(
            Map.of(),
            Map.of(),
            Map.of("x-any", "1"),
            Map.of("x-e", "one", "x-p", "two", "x-r", "three"),
            Map.of("x-no", "stop"),
            Map.of("x-never", "1"));

    @Test
    void envoyLogsWhatWasExplained() throws IOException {
        Path folder = Path.of("src/test/resources/behaviour");
        MeshSnapshot mesh = MeshFiles.files(folder.resolve("services.yaml"), folder.resolve("routing.yaml"));
        ProxyView view = Proxies.sidecar("client", "v1");
        Random random = new Random(20_261_121);
        Map<String, Integer> tried = new TreeMap<>();
        try (Workbench bench = Workbench.start(mesh, view)) {
            bench.resources().routes().stream()
                    .flatMap(routes -> routes.getVirtualHostsList().stream())
                    .flatMap(host -> host.getRoutesList().stream())
                    .filter(route -> !NOT_ASKED.contains(route.getName()))
                    .forEach(route -> tried.put(route.getName(), 0));
            Simulator simulator = new Simulator(bench.resources());
            for (int i = 0; i < AT_MOST && tried.values().stream().anyMatch(count -> count < OF_EACH); i++) {
                Call call = call(bench, random);
                Prediction first = Prediction.of(simulator.captured(call), bench.resources());
                if (tried.getOrDefault(first.route(), 0) < OF_EACH) {
                    Explanation said = Explainer.explain(mesh, view, List.of(), Positions.OF_OBJECTS, call);
                    same(call, said, bench.send(call).logged());
                    tried.merge(said.prediction().route(), 1, Integer::sum);
                }
            }
        }
        assertThat(tried.values().stream().mapToInt(count -> count).sum()).isGreaterThanOrEqualTo(AT_LEAST);
        assertThat(tried).allSatisfy((route, count) -> assertThat(count).isEqualTo(OF_EACH));
    }

    private static Call call(Workbench bench, Random random) {
        String host = pick(HOSTS, random);
        Call call = bench.get(
                        host,
                        random.nextInt(4) == 0 ? 81 : 80,
                        pick(PATHS.getOrDefault(host, List.of("/", "/x")), random) + pick(QUERIES, random))
                .method(pick(METHODS, random));
        for (Map.Entry<String, String> header : pick(HEADERS, random).entrySet()) {
            call = call.with(header.getKey(), header.getValue());
        }
        return call;
    }

    private static void same(Call call, Explanation said, Logged did) {
        String what = call + ": explained " + said + ", logged " + did;
        assertThat(did.route()).as(what).isEqualTo(said.prediction().route());
        assertThat(did.flags()).as(what).isEqualTo(said.prediction().flags());
        if (said.prediction().clusters().isEmpty()) {
            assertThat(did.cluster()).as(what).isEmpty();
        } else {
            assertThat(said.prediction().clusters()).as(what).contains(did.cluster());
        }
    }

    private static <T> T pick(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }
}
