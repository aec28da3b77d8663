package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.simulation.Outcome;
import io.flotilla.envoy.simulation.Simulator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routing examples of bookinfo, call by call. */
class BookinfoRoutingTest {
    private static final Call REVIEWS = Call.get("reviews:9080", 9080, "/reviews/0");
    private static final Call RATINGS = Call.get("ratings:9080", 9080, "/ratings/0");

    @Test
    void withoutRulesAServiceIsItsDefaultCluster() {
        assertThat(sidecar().outbound(REVIEWS)).isEqualTo(forwarded(cluster("", "reviews"), "/reviews/0", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "reviews",
        "reviews:9080",
        "reviews.default",
        "reviews.default.svc",
        "reviews.default.svc.cluster.local:9080"
    })
    void everyNameOfAServiceIsTheService(String host) {
        Outcome outcome =
                sidecar("destination-rule-all", "virtual-service-all-v1").outbound(Call.get(host, 9080, "/"));
        assertThat(outcome).isEqualTo(forwarded(cluster("v1", "reviews"), "/", ""));
    }

    @Test
    void weightsSplit() {
        Outcome outcome =
                sidecar("destination-rule-all", "virtual-service-reviews-80-20").outbound(REVIEWS);
        assertThat(outcome)
                .isEqualTo(new Outcome.Forwarded(
                        Map.of(cluster("v1", "reviews"), 80, cluster("v2", "reviews"), 20), "/reviews/0", "", ""));
    }

    @Test
    void aHeaderChoosesForOneUser() {
        Simulator simulator = sidecar("destination-rule-all", "virtual-service-reviews-test-v2");
        assertThat(simulator.outbound(REVIEWS.with("end-user", "jason")))
                .isEqualTo(forwarded(cluster("v2", "reviews"), "/reviews/0", ""));
        assertThat(simulator.outbound(REVIEWS.with("end-user", "jason2")))
                .isEqualTo(forwarded(cluster("v1", "reviews"), "/reviews/0", ""));
        assertThat(simulator.outbound(REVIEWS)).isEqualTo(forwarded(cluster("v1", "reviews"), "/reviews/0", ""));
    }

    @Test
    void faultsAreInjectedForOneUserOnly() {
        Simulator delayed = sidecar("destination-rule-all", "virtual-service-ratings-test-delay");
        assertThat(delayed.outbound(RATINGS.with("end-user", "jason")))
                .isEqualTo(forwarded(cluster("v1", "ratings"), "/ratings/0", "delay 7000ms 100%"));
        assertThat(delayed.outbound(RATINGS)).isEqualTo(forwarded(cluster("v1", "ratings"), "/ratings/0", ""));
        Simulator aborted = sidecar("destination-rule-all", "virtual-service-ratings-test-abort");
        assertThat(aborted.outbound(RATINGS.with("end-user", "jason")))
                .isEqualTo(forwarded(cluster("v1", "ratings"), "/ratings/0", "abort 500 100%"));
    }

    @Test
    void whatTheMeshDoesNotKnowPasses() {
        assertThat(sidecar().outbound(Call.get("example.com:9080", 9080, "/")))
                .isEqualTo(forwarded(Names.PASSTHROUGH, "/", ""));
        assertThat(sidecar().outbound(Call.get("example.com", 80, "/")))
                .isEqualTo(new Outcome.Tcp(Map.of(Names.PASSTHROUGH, 100)));
    }

    @Test
    void theEdgeSendsItsPathsToProductpage() {
        Simulator edge = new Simulator(Translator.translate(MeshFiles.bookinfo("bookinfo-gateway"), Proxies.ingress()));
        assertThat(edge.edge(Call.get("any.host", 80, "/productpage")))
                .isEqualTo(forwarded(cluster("", "productpage"), "/productpage", ""));
        assertThat(edge.edge(Call.get("any.host", 80, "/elsewhere"))).isEqualTo(new Outcome.Answered(404, ""));
        assertThat(edge.edge(Call.get("any.host", 81, "/"))).isEqualTo(new Outcome.Refused("no listener"));
    }

    private static Simulator sidecar(String... examples) {
        return new Simulator(Translator.translate(MeshFiles.bookinfo(examples), Proxies.sidecar("productpage", "v1")));
    }

    private static String cluster(String subset, String app) {
        return "outbound|9080|" + subset + "|" + app + ".default.svc.cluster.local";
    }

    private static Outcome forwarded(String cluster, String path, String fault) {
        return new Outcome.Forwarded(Map.of(cluster, 100), path, fault, "");
    }
}
