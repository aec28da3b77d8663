package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.Mesh;
import io.flotilla.e2e.mesh.Workloads;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Mirrors, pools and ejections: a client of the mesh calls a service that has a sound instance, v1, and one that answers
 * 500 to everything, v2.
 */
@OfMeshes
class TrafficIT {
    private static final Duration SETTLE = Duration.ofSeconds(60);
    /** On a busy machine an instance is back before it is looked at; each time it stays out for longer. */
    private static final Duration EJECTIONS = Duration.ofMinutes(3);

    private static final String HOST = "httpbin.default.svc.cluster.local";
    private static final int CALLS = 40;

    private static Mesh mesh;
    private static Workloads workloads;

    @BeforeAll
    static void deploy() {
        mesh = Mesh.bookinfo();
        workloads = Workloads.ofTraffic(mesh);
    }

    @AfterEach
    void forget() {
        mesh.flotilla("delete", "virtualservice", "httpbin");
        mesh.flotilla("delete", "destinationrule", "httpbin");
    }

    @AfterAll
    static void remove() {
        workloads.close();
    }

    @Test
    void aShadowGetsTheRequestsAndNobodyItsAnswers() {
        mesh.apply(destinationRule(""));
        toTheSound("");
        Eventually.answered(
                SETTLE, "the sound instance alone answers", () -> call("/get", CALLS, 8), TrafficIT::allSound);
        toTheSound("mirror: {host: httpbin, subset: v2}");
        awaitShadows(CALLS);
        toTheSound("mirror: {host: httpbin, subset: v2}, mirrorPercentage: {value: 0}");
        awaitShadows(0);
        toTheSound("mirror: {host: httpbin, subset: v2}, mirrorPercentage: {value: 100}");
        awaitShadows(CALLS);
        toTheSound("");
        awaitShadows(0);
    }

    /** Of so many calls the shadow's application gets that many; each caller is answered by the sound instance. */
    private static void awaitShadows(int many) {
        long[] got = new long[1];
        Eventually.holdsSlowly(SETTLE, () -> "the shadow gets " + many + " of " + CALLS + ", not " + got[0], () -> {
            long before = shadows();
            assertThat(call("/get", CALLS, 8)).matches(TrafficIT::allSound, "answered by the sound instance alone");
            got[0] = shadows() - before;
            return got[0] == many;
        });
    }

    private static long shadows() {
        return stat("httpbin-v2", "cluster.inbound|80||.upstream_rq_500");
    }

    /** The well-known task: one connection, one request that waits, one request per connection. */
    @Test
    void whatThePoolCannotHoldIsRefusedCountedAndLogged() {
        String overflow = "cluster.outbound|8000|v1|" + HOST + ".upstream_rq_pending_overflow";
        mesh.apply(destinationRule(""));
        toTheSound("");
        Eventually.answered(SETTLE, "all are held", () -> call("/delay/1", 8, 8), TrafficIT::allSound);
        assertThat(stat("fortio", overflow)).isZero();

        mesh.apply(destinationRule("""
              trafficPolicy:
                connectionPool:
                  tcp: {maxConnections: 1}
                  http: {http1MaxPendingRequests: 1, maxRequestsPerConnection: 1}
            """));
        String answers = Eventually.answered(
                SETTLE, "some are refused", () -> call("/delay/1", 8, 8), some -> some.contains("503 "));
        long refused =
                answers.lines().filter(answer -> answer.startsWith("503 ")).count();
        assertThat(answers.lines().filter(answer -> answer.startsWith("200 ")))
                .hasSize((int) (8 - refused))
                .isNotEmpty();
        assertThat(stat("fortio", overflow)).isEqualTo(refused);
        Eventually.answered(
                SETTLE,
                refused + " are logged as overflow",
                () -> mesh.flotilla("logs", workloads.pod("fortio").name(), "-c", "istio-proxy")
                        .out(),
                log -> log.lines().filter(line -> line.contains("\" 503 UO ")).count() == refused);
    }

    @Test
    void anInstanceThatFailsIsLeftOutForAWhile() {
        String ejected = "cluster.outbound|8000||" + HOST + ".outlier_detection.ejections_active";
        Eventually.answered(
                SETTLE,
                "both instances answer",
                () -> call("/get", CALLS, 8),
                answers -> answers.contains("200 ") && answers.contains("500 "));
        mesh.apply(destinationRule("""
              trafficPolicy:
                outlierDetection:
                  {consecutive5xxErrors: 7, interval: 1s, baseEjectionTime: 10s, maxEjectionPercent: 100}
            """));
        Eventually.answered(
                EJECTIONS,
                "the sound instance alone answers",
                () -> call("/get", CALLS, 8),
                answers -> stat("fortio", ejected) == 1 && allSound(answers));
        Eventually.holdsSlowly(EJECTIONS, () -> "it returns", () -> stat("fortio", ejected) == 0);
        assertThat(call("/get", CALLS, 8)).contains("500 ", "\"version\":\"v2\"");
    }

    private static String destinationRule(String policy) {
        return """
            apiVersion: networking.istio.io/v1alpha3
            kind: DestinationRule
            metadata: {name: httpbin, namespace: default}
            spec:
              host: httpbin
              subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
            """ + policy;
    }

    private static void toTheSound(String mirror) {
        mesh.apply("""
            apiVersion: networking.istio.io/v1alpha3
            kind: VirtualService
            metadata: {name: httpbin, namespace: default}
            spec:
              hosts: [httpbin]
              http: [{route: [{destination: {host: httpbin, subset: v1}}], %s}]
            """.formatted(mirror));
    }

    /** A line for each call: its status, a space, its body. */
    private static String call(String path, int times, int atOnce) {
        return workloads.callFrom("fortio", "times", "httpbin", "8000", path, "" + times, "" + atOnce);
    }

    private static boolean allSound(String answers) {
        return answers.lines().allMatch(answer -> answer.startsWith("200 ") && answer.contains("\"version\":\"v1\""));
    }

    /** A statistic of a pod's proxy; 0 until it counts. */
    private static long stat(String name, String stat) {
        String all = workloads.callFrom(name, "http", "127.0.0.1", "15000", "/stats?usedonly");
        return all.lines()
                .filter(line -> line.startsWith(stat + ": "))
                .map(line -> line.substring(stat.length() + 2))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }
}
