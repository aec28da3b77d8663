package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.load.Answer;
import io.flotilla.e2e.load.Call;
import io.flotilla.e2e.mesh.Bookinfo;
import io.flotilla.e2e.mesh.Bookinfo.Reviews;
import io.flotilla.e2e.mesh.Mesh;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The well-known routing examples of bookinfo, through the ingress gateway. */
@OfMeshes
class RoutingIT {
    private static final Duration SETTLE = Duration.ofSeconds(60);
    private static final int REQUESTS = 2_000;

    private static Mesh mesh;
    private static Call page;
    private static Call jasonsPage;

    @BeforeAll
    static void startMesh() {
        mesh = Mesh.bookinfo();
        page = mesh.ingress("/productpage");
        jasonsPage = page.with("end-user", "jason");
    }

    @BeforeEach
    void reset() {
        Bookinfo.reset(mesh);
    }

    @Test
    void withoutRulesAllVersionsAnswer() {
        Map<Reviews, Integer> counts = Bookinfo.count(Bookinfo.ask(page, 120));

        assertThat(counts).containsOnlyKeys(Reviews.V1, Reviews.V2, Reviews.V3);
    }

    @Test
    void everythingToVersionOne() {
        mesh.applySample("networking/virtual-service-all-v1.yaml");
        Bookinfo.awaitOnly(page, Reviews.V1, SETTLE);

        assertThat(Bookinfo.count(Bookinfo.ask(page, 200))).isEqualTo(Map.of(Reviews.V1, 200));
    }

    @Test
    void eightyTwenty() {
        mesh.applySample("networking/virtual-service-reviews-80-20.yaml");
        Bookinfo.awaitNever(page, Reviews.V3, SETTLE);

        assertSplit(Bookinfo.ask(page, REQUESTS), Reviews.V2, 0.2);
    }

    @Test
    void fiftyFifty() {
        mesh.applySample("networking/virtual-service-reviews-50-v3.yaml");
        Bookinfo.awaitNever(page, Reviews.V2, SETTLE);

        assertSplit(Bookinfo.ask(page, REQUESTS), Reviews.V3, 0.5);
    }

    @Test
    void versionTwoForJasonOnly() {
        mesh.applySample("networking/virtual-service-all-v1.yaml", "networking/virtual-service-reviews-test-v2.yaml");
        Bookinfo.awaitOnly(jasonsPage, Reviews.V2, SETTLE);

        assertThat(Bookinfo.count(Bookinfo.ask(jasonsPage, 100))).isEqualTo(Map.of(Reviews.V2, 100));
        assertThat(Bookinfo.count(Bookinfo.ask(page, 100))).isEqualTo(Map.of(Reviews.V1, 100));
    }

    @Test
    void delayForOneUserOnly() {
        mesh.applySample("networking/virtual-service-all-v1.yaml", "networking/virtual-service-reviews-test-v2.yaml");
        mesh.apply(faultForJason("delay: {percentage: {value: 100}, fixedDelay: 2s}"));
        Bookinfo.awaitAll(
                jasonsPage, "all of Jason's", SETTLE, answer -> answer.took().compareTo(Duration.ofSeconds(2)) >= 0);

        assertThat(Bookinfo.ask(page, 20)).allMatch(Answer::ok);
        // Of all of them it would delay each; by itself a busy machine delays some.
        mesh.awaitAnswer(page, SETTLE, answer -> answer.ok() && answer.took().compareTo(Duration.ofSeconds(2)) < 0);
    }

    @Test
    void abortForOneUserOnly() {
        mesh.applySample("networking/virtual-service-all-v1.yaml", "networking/virtual-service-reviews-test-v2.yaml");
        Bookinfo.awaitOnly(jasonsPage, Reviews.V2, SETTLE);
        mesh.apply(faultForJason("abort: {percentage: {value: 100}, httpStatus: 500}"));
        Bookinfo.awaitAll(
                jasonsPage,
                "all of Jason's",
                SETTLE,
                answer -> answer.body().contains("Ratings service is currently unavailable"));

        assertThat(Bookinfo.ask(jasonsPage, 50))
                .allMatch(answer -> answer.ok() && answer.body().contains("Ratings service is currently unavailable"));
        assertThat(Bookinfo.count(Bookinfo.ask(page, 50))).isEqualTo(Map.of(Reviews.V1, 50));
    }

    /** Within five standard deviations of the binomial distribution: fails by chance once in 1.7 million runs. */
    private static void assertSplit(List<Answer> answers, Reviews second, double share) {
        assertThat(answers).filteredOn(answer -> !answer.ok()).isEmpty();
        Map<Reviews, Integer> counts = Bookinfo.count(answers);
        assertThat(counts).containsOnlyKeys(Reviews.V1, second);
        double expected = answers.size() * share;
        double deviation = Math.sqrt(answers.size() * share * (1 - share));
        assertThat((double) counts.getOrDefault(second, 0))
                .isBetween(expected - 5 * deviation, expected + 5 * deviation);
    }

    private static String faultForJason(String fault) {
        return """
            apiVersion: networking.istio.io/v1alpha3
            kind: VirtualService
            metadata: {name: ratings, namespace: default}
            spec:
              hosts: [ratings]
              http:
              - match: [{headers: {end-user: {exact: jason}}}]
                fault: {%s}
                route: [{destination: {host: ratings, subset: v1}}]
              - route: [{destination: {host: ratings, subset: v1}}]
            """.formatted(fault);
    }
}
