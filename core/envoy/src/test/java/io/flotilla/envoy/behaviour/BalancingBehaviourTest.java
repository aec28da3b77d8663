package io.flotilla.envoy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which instance answers: behaviour/balancing.yaml. */
class BalancingBehaviourTest {
    /** Envoy's runtime value in place of the time that rules say. */
    private static final String EJECTION_MILLIS = "outlier_detection.base_ejection_time_ms";

    private static Workbench bench;

    @BeforeAll
    static void start() throws IOException {
        ProxyView view = Proxies.sidecar("client", "v1");
        MeshSnapshot mesh = MeshFiles.files(Path.of("src/test/resources/behaviour/balancing.yaml"));
        String locality = mesh.workloadByAddress("", "10.44.0.9").orElseThrow().getLocality();
        assertThat(locality).as("by the labels of the client's node").isEqualTo("r1/z1/s1");
        bench = Workbench.start(mesh, new ProxyView(view.role(), view.workload(), locality, view.capture(), ""));
    }

    @AfterAll
    static void stop() {
        if (bench != null) {
            bench.close();
        }
    }

    private static Call call(String host) {
        return bench.get(host, 80, "/");
    }

    private static String answering(Call call) throws IOException {
        Reply reply = bench.checked(call);
        assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
        return reply.app();
    }

    /** Asks several times as the client of that number; which instance answered. */
    @FunctionalInterface
    private interface Client {
        String instance(int number) throws IOException;
    }

    /**
     * All instances have clients. Where instances are on a ring depends on their ports, so that who has which clients is
     * chance: after 200 an instance has none less than once in a million runs, even on a ring of 64 places.
     */
    private static void spread(Client client) throws IOException {
        Set<String> all = new TreeSet<>();
        for (int i = 0; i < 24 || (all.size() < 3 && i < 200); i++) {
            all.add(client.instance(i));
        }
        assertThat(all).hasSize(3);
    }

    /** The one instance that always answers who calls so. */
    private static String sticks(Call call) throws IOException {
        Set<String> all = new TreeSet<>();
        for (int i = 0; i < 3; i++) {
            all.add(answering(call));
        }
        assertThat(all).as(call.toString()).hasSize(1);
        return all.iterator().next();
    }

    @ParameterizedTest
    @ValueSource(strings = {"maglev.test", "ring.test", "classic-ring.test"})
    void requestsWithOneHeaderGoToOneInstance(String host) throws IOException {
        spread(number -> sticks(call(host).with("x-user", "client-" + number)));
    }

    @Test
    void eachHashHasTheTableThatItsRuleAsksFor() throws IOException {
        for (String host : List.of("maglev.test", "ring.test", "classic-ring.test")) {
            answering(call(host).with("x-user", "one"));
        }
        // 101 places for three instances, and a ring of 64 at least where Envoy's own would have 1024.
        assertThat(bench.stat("cluster.outbound|80||maglev.test.maglev_lb.max_entries_per_host"))
                .isEqualTo(34);
        assertThat(bench.stat("cluster.outbound|80||ring.test.ring_hash_lb.size"))
                .isBetween(64L, 70L);
        assertThat(bench.stat("cluster.outbound|80||classic-ring.test.ring_hash_lb.size"))
                .isBetween(64L, 70L);
    }

    @Test
    void requestsWithOneQueryParameterGoToOneInstance() throws IOException {
        spread(number -> {
            String instance = sticks(bench.get("query.test", 80, "/?a=1&user=client-" + number + "&b=2"));
            assertThat(sticks(bench.get("query.test", 80, "/other?user=client-" + number)))
                    .isEqualTo(instance);
            return instance;
        });
    }

    @Test
    void requestsFromOneAddressGoToOneInstance() throws IOException {
        spread(number -> sticks(call("source.test").from("10.44.3." + number)));
    }

    @Test
    void anAnswerSetsTheCookieThatKeepsItsClientAtOneInstance() throws IOException {
        spread(number -> {
            Reply first = bench.checked(call("cookie.test").from("10.44.3." + number));
            String cookie = first.headers().getOrDefault("set-cookie", "");
            assertThat(cookie).startsWith("session=").contains("Max-Age=60", "Path=/shop");
            Call again = call("cookie.test").with("cookie", "other=1; " + cookie.replaceAll(";.*", ""));
            for (int j = 0; j < 3; j++) {
                Reply reply = bench.checked(again);
                assertThat(reply.app()).isEqualTo(first.app());
                assertThat(reply.headers()).doesNotContainKey("set-cookie");
            }
            return first.app();
        });
    }

    @Test
    void roundRobinGoesRound() throws IOException {
        List<String> answered = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            answered.add(answering(call("robin.test")));
        }
        assertThat(new TreeSet<>(answered)).hasSize(3);
        for (int i = 3; i < 9; i++) {
            assertThat(answered.get(i)).isEqualTo(answered.get(i - 3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"random.test", "least.test", "warm.test"})
    void everyInstanceHasItsTurn(String host) throws IOException {
        Map<String, Integer> answered = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            answered.merge(answering(call(host)), 1, Integer::sum);
        }
        // Of 60 at a third, fewer than 3 or more than 43 come less than once in a million runs.
        assertThat(answered).hasSize(3);
        assertThat(answered.values()).allMatch(count -> count >= 3 && count <= 43);
    }

    @Test
    void aBusyInstanceGetsLess() throws Exception {
        App busy = bench.apps().one("10.50.0.1:80");
        Held held = new Held();
        busy.behave(request -> request.line().contains("/busy") ? held.answer(request) : App.Answer.OK);
        try {
            Callable<Integer> afterOneMore = () -> {
                Thread.ofVirtual().start(BalancingBehaviourTest::askTheBusy);
                return held.askers();
            };
            assertThat(Waiting.until(afterOneMore, askers -> askers >= 2)).isGreaterThanOrEqualTo(2);
            int ofTheBusy = 0;
            for (int i = 0; i < 60; i++) {
                ofTheBusy += answering(call("least.test")).equals("10.50.0.1:80") ? 1 : 0;
            }
            // Only where both of the two that are drawn are this one: of 60 at one in nine, 25 or more come less than
            // once in a million runs.
            assertThat(ofTheBusy).isLessThan(25);
        } finally {
            held.letGo();
        }
    }

    private static void askTheBusy() {
        try {
            bench.send(bench.get("least.test", 80, "/busy"));
        } catch (IOException e) {
            // The test is over.
        }
    }

    @Test
    void aPortAndASubsetHaveTheirOwnPolicies() throws IOException {
        assertThat(instances(bench.get("levels.test", 80, "/").with("x-user", "one")))
                .hasSize(4);
        assertThat(instances(bench.get("levels.test", 81, "/").with("x-user", "one")))
                .hasSize(1);
        assertThat(instances(bench.get("levels.test", 80, "/v1").with("x-user", "one")))
                .containsExactly("10.51.0.1:80", "10.51.0.2:80");
        assertThat(instances(bench.get("levels.test", 80, "/v2").with("x-user", "one")))
                .hasSize(1)
                .isSubsetOf("10.51.0.3:80", "10.51.0.4:80");
    }

    private static Set<String> instances(Call call) throws IOException {
        Set<String> instances = new TreeSet<>();
        for (int i = 0; i < 8; i++) {
            instances.add(answering(call));
        }
        return instances;
    }

    @Test
    void whereTheNearestFailTheNextNearestAnswer() throws Exception {
        failsOver("near.test", List.of("10.52.0.1:80", "10.52.0.2:80", "10.52.0.3:80", "10.52.0.4:80", "10.52.0.5:80"));
    }

    @Test
    void whereThePodsOfNearNodesFailThoseOfFartherNodesAnswer() throws Exception {
        failsOver("placed", List.of("placed-here", "placed-beside", "placed-away"));
    }

    @Test
    void whereThoseWithTheClientsLabelsFailOthersAnswer() throws Exception {
        failsOver("labelled.test", List.of("10.53.0.3:80", "10.53.0.2:80", "10.53.0.1:80"));
    }

    private static void failsOver(String host, List<String> order) throws Exception {
        for (String nearest : order) {
            assertThat(instances(call(host)))
                    .as("nobody before " + nearest + " is left")
                    .containsExactly(nearest);
            bench.apps().one(nearest).behave(request -> App.Answer.status(503));
            if (!nearest.equals(order.getLast())) {
                Waiting.until(() -> bench.send(call(host)).status(), status -> status == 200);
            }
        }
        order.forEach(each -> bench.apps().one(each).behave(request -> App.Answer.OK));
        // Until now all were ejected for longer than the test may take.
        bench.runtime(EJECTION_MILLIS, "0");
        try {
            String back = Waiting.until(() -> bench.send(call(host)).app(), order.getFirst()::equals);
            assertThat(back).as("who was ejected returns").isEqualTo(order.getFirst());
        } finally {
            bench.runtime(EJECTION_MILLIS, "");
        }
    }

    @Test
    void anInstanceIsEjectedForTheAnswersThatTheRuleNames() throws Exception {
        App busy = bench.apps().one("10.57.0.1:80");
        busy.behave(request -> App.Answer.status(429));
        String ejections = "cluster.outbound|80||counted.test.outlier_detection.ejections_enforced_consecutive_5xx";
        for (int refused = 0; refused < 2; ) {
            refused += bench.send(call("counted.test")).status() == 429 ? 1 : 0;
        }
        assertThat(Waiting.until(() -> bench.stat(ejections), count -> count > 0))
                .isEqualTo(1);
        assertThat(instances(call("counted.test"))).containsExactly("10.57.0.2:80");
        // Others do not count then, as they would without the list.
        bench.apps().one("10.57.0.2:80").behave(request -> App.Answer.status(500));
        for (int i = 0; i < 5; i++) {
            assertThat(bench.send(call("counted.test")).status()).isEqualTo(500);
        }
        assertThat(bench.stat(ejections)).isEqualTo(1);
    }

    @Test
    void onlyErrorsOfGatewaysCountWhereTheRuleSaysSo() throws Exception {
        App failing = bench.apps().one("10.58.0.1:80");
        String ejections =
                "cluster.outbound|80||gateway-errors.test.outlier_detection.ejections_enforced_consecutive_gateway_failure";
        failing.behave(request -> App.Answer.status(500));
        answersWith("gateway-errors.test", 500, 5);
        failing.behave(request -> App.Answer.status(504));
        answersWith("gateway-errors.test", 504, 1);
        assertThat(bench.stat(ejections)).isZero();
        answersWith("gateway-errors.test", 504, 1);
        assertThat(Waiting.until(() -> bench.stat(ejections), count -> count > 0))
                .isEqualTo(1);
        assertThat(instances(call("gateway-errors.test"))).containsExactly("10.58.0.2:80");
    }

    /** Asks until it was answered so as often as that. */
    private static void answersWith(String host, int status, int times) throws IOException {
        for (int seen = 0; seen < times; ) {
            seen += bench.checked(call(host)).status() == status ? 1 : 0;
        }
    }

    @Test
    void anInstanceThatCannotBeReachedIsEjected() throws Exception {
        App gone = bench.apps().one("10.58.1.1:80");
        gone.close();
        Waiting.untilRefused(gone.port());
        String ejections =
                "cluster.outbound|80||own-errors.test.outlier_detection.ejections_enforced_consecutive_local_origin_failure";
        answersWith("own-errors.test", 503, 2);
        assertThat(Waiting.until(() -> bench.stat(ejections), count -> count > 0))
                .as("Envoy's own limit is 5")
                .isEqualTo(1);
        assertThat(instances(call("own-errors.test"))).containsExactly("10.58.1.2:80");
    }

    @Test
    void aRequestIsTriedOnAnotherInstanceUnlessTheRuleSaysOtherwise() throws IOException {
        bench.apps().one("10.60.0.1:80").behave(request -> App.Answer.status(500));
        Map<String, Integer> failed = new TreeMap<>();
        for (int i = 0; i < 200; i++) {
            for (String path : List.of("/elsewhere", "/anywhere")) {
                Reply reply = bench.checked(bench.get("again.test", 80, path));
                failed.merge(path, reply.status() == 500 ? 1 : 0, Integer::sum);
            }
        }
        // Envoy draws six times: of 200 fail more than 4 less than once in a million runs; else one in nine fails.
        assertThat(failed.get("/elsewhere")).isLessThanOrEqualTo(4);
        assertThat(failed.get("/anywhere")).isGreaterThan(4);
    }

    @Test
    void aRequestIsTriedInAnotherLocalityWhereTheRuleSaysSo() throws IOException {
        bench.apps().one("10.60.1.1:80").behave(request -> App.Answer.status(500));
        for (int i = 0; i < 5; i++) {
            Reply far = bench.checked(bench.get("remote.test", 80, "/far"));
            assertThat(far.app()).as(far.toString()).isEqualTo("10.60.1.2:80");
            // As in Istio, that is after two tries here.
            assertThat(far.logged().attempts()).isEqualTo(3);
            Reply here = bench.checked(bench.get("remote.test", 80, "/here"));
            assertThat(here.status()).as(here.toString()).isEqualTo(500);
            assertThat(here.logged().attempts()).isEqualTo(4);
        }
    }

    @Test
    void regionsHaveTheSharesThatTheRuleGivesThem() throws IOException {
        Map<String, Integer> answered = new TreeMap<>();
        for (int i = 0; i < 100; i++) {
            answered.merge(answering(call("shared.test")), 1, Integer::sum);
        }
        assertThat(answered).containsOnlyKeys("10.54.0.1:80", "10.54.0.2:80");
        // Of 100 at three quarters, fewer than 52 or more than 94 come less than once in a million runs.
        assertThat(answered.get("10.54.0.1:80")).isBetween(52, 94);
    }

    @Test
    void zonesOfARegionShareItAndAnotherRegionTakesOver() throws Exception {
        Map<String, Integer> answered = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            answered.merge(answering(call("zones.test")), 1, Integer::sum);
        }
        assertThat(answered).containsOnlyKeys("10.56.0.1:80", "10.56.0.2:80");
        // Of 60 at a half, fewer than 10 or more than 50 come less than once in a million runs.
        assertThat(answered.get("10.56.0.1:80")).isBetween(10, 50);
        for (String near : answered.keySet()) {
            bench.apps().one(near).behave(request -> App.Answer.status(503));
        }
        String far = Waiting.until(() -> bench.send(call("zones.test")).app(), "10.56.0.3:80"::equals);
        assertThat(far).isEqualTo("10.56.0.3:80");
        answered.keySet().forEach(near -> bench.apps().one(near).behave(request -> App.Answer.OK));
    }
}
