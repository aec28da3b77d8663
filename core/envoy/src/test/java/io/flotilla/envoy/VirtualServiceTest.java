package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.mesh.RealEnvoy;
import io.flotilla.envoy.mesh.StaticBootstrap;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.simulation.Outcome;
import io.flotilla.envoy.simulation.Simulator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the fields of a VirtualService do, in one mesh of services a and b. */
class VirtualServiceTest {
    private static final String A = "outbound|80||a.default.svc.cluster.local";
    private static final String B = "outbound|80||b.default.svc.cluster.local";
    private static final Call CALL = Call.get("a", 80, "/path");

    private static EnvoyResources resources(String http) {
        return Translator.translate(MeshFiles.of(SERVICES + virtualService(http)), Proxies.sidecar("b", "v1"));
    }

    private static Outcome outcome(String http, Call call) {
        return new Simulator(resources(http)).outbound(call);
    }

    private static Outcome to(String cluster) {
        return new Outcome.Forwarded(Map.of(cluster, 100), "/path", "", "");
    }

    @Test
    void redirectsAndAnswers() {
        assertThat(outcome("[{redirect: {uri: /new, authority: other.com}}]", CALL))
                .isEqualTo(new Outcome.Answered(301, "other.com/new"));
        assertThat(outcome("[{directResponse: {status: 418}}]", CALL)).isEqualTo(new Outcome.Answered(418, ""));
    }

    @Test
    void rewritesThePrefixThatMatched() {
        Outcome outcome = outcome(
                "[{match: [{uri: {prefix: /v1/}}], rewrite: {uri: /}, route: [{destination: {host: b}}]}]",
                Call.get("a", 80, "/v1/items"));
        assertThat(outcome).isEqualTo(new Outcome.Forwarded(Map.of(B, 100), "/items", "", ""));
    }

    @Test
    void mirrors() {
        assertThat(outcome("[{route: [{destination: {host: a}}], mirror: {host: b}}]", CALL))
                .isEqualTo(new Outcome.Forwarded(Map.of(A, 100), "/path", "", B));
    }

    @Test
    void everyConditionOfAnEntryMustHoldAndAnyEntryWill() {
        String rule =
                "[{match: [{method: {exact: POST}, headers: {x: {regex: 'a+'}}}, {queryParams: {q: {exact: '1'}}}],"
                        + " route: [{destination: {host: b}}]}, {route: [{destination: {host: a}}]}]";
        assertThat(outcome(rule, CALL.method("POST").with("x", "aaa"))).isEqualTo(to(B));
        assertThat(outcome(rule, CALL.method("POST"))).isEqualTo(to(A));
        assertThat(outcome(rule, CALL.with("x", "aaa"))).isEqualTo(to(A));
        assertThat(outcome(rule, Call.get("a", 80, "/path?q=1")))
                .isEqualTo(new Outcome.Forwarded(Map.of(B, 100), "/path?q=1", "", ""));
    }

    @Test
    void aHeaderThatMustNotBeThere() {
        String rule = "[{match: [{withoutHeaders: {x: {exact: 'no'}}}], route: [{destination: {host: b}}]},"
                + " {route: [{destination: {host: a}}]}]";
        assertThat(outcome(rule, CALL)).isEqualTo(to(B));
        assertThat(outcome(rule, CALL.with("x", "yes"))).isEqualTo(to(B));
        assertThat(outcome(rule, CALL.with("x", "no"))).isEqualTo(to(A));
    }

    @Test
    void aRuleForOtherCallersLeavesTheDefaultRoute() {
        assertThat(outcome("[{match: [{sourceLabels: {app: c}}], route: [{destination: {host: b}}]}]", CALL))
                .isEqualTo(to(A));
        assertThat(outcome("[{match: [{sourceLabels: {app: b}}], route: [{destination: {host: b}}]}]", CALL))
                .isEqualTo(to(B));
        assertThat(outcome("[{match: [{port: 81}], route: [{destination: {host: b}}]}]", CALL))
                .isEqualTo(to(A));
    }

    @Test
    void nothingComesAfterARuleForEverything() {
        EnvoyResources resources =
                resources("[{route: [{destination: {host: b}}]}, {route: [{destination: {host: a}}]}]");
        assertThat(new Simulator(resources).outbound(CALL)).isEqualTo(to(B));
        assertThat(resources.routes().getFirst().getVirtualHostsList().stream()
                        .filter(host -> host.getName().startsWith("a."))
                        .toList())
                .singleElement()
                .extracting(host -> host.getRoutesCount())
                .isEqualTo(1);
    }

    @Test
    void replicasAndOtherWorkloadsShareWhatDoesNotDependOnThem() {
        SharedResources cache = new SharedResources();
        var mesh = MeshFiles.of(SERVICES + virtualService("[{route: [{destination: {host: b}}]}]"));
        List<EnvoyResources> both = List.of("a", "b").stream()
                .map(app -> Translator.translate(new Scope(
                        mesh,
                        Proxies.sidecar(app, "v1"),
                        PeerIdentities.ofEndpoints(),
                        new Scope.Caches(cache, ResourceCache.none()),
                        Tuning.defaults())))
                .toList();
        assertThat(both.get(0).routes().getFirst())
                .isSameAs(both.get(1).routes().getFirst());
        assertThat(both.get(0).clusters().getLast())
                .isSameAs(both.get(1).clusters().getLast());
        assertThat(both.get(0).endpoints().getFirst())
                .isSameAs(both.get(1).endpoints().getFirst());
    }

    @Test
    void envoyTakesEveryField(@TempDir Path directory) throws Exception {
        assertThat(RealEnvoy.complaint(StaticBootstrap.of(resources(EVERYTHING)), directory))
                .isEmpty();
    }

    private static final String EVERYTHING = """

              - name: all
                match:
                - name: one
                  uri: {regex: '/re.*'}
                  ignoreUriCase: true
                  scheme: {exact: http}
                  method: {prefix: P}
                  authority: {prefix: a}
                  headers: {x-a: {exact: b}, x-b: {prefix: c}, x-c: {regex: d+}, x-d: {}}
                  withoutHeaders: {x-e: {}}
                  queryParams: {q: {regex: '[0-9]+'}}
                route:
                - destination: {host: a, port: {number: 80}}
                  weight: 3
                  headers: {request: {set: {x: y}, add: {x2: y}, remove: [z]}, response: {add: {r: s}}}
                - destination: {host: b}
                  weight: 1
                headers: {request: {set: {Host: other}}, response: {remove: [server]}}
                timeout: 3s
                retries: {attempts: 3, perTryTimeout: 1s, retryOn: '5xx,connect-failure,429', backoff: 20ms}
                fault:
                  delay: {fixedDelay: 1s, percentage: {value: 0.1}}
                  abort: {grpcStatus: UNAVAILABLE, percentage: {value: 50}}
                mirrors: [{destination: {host: b}, percentage: {value: 10}}]
                rewrite: {uri: /x, authority: y}
                corsPolicy:
                  allowOrigins: [{exact: https://e.com}, {regex: '.*'}]
                  allowMethods: [GET]
                  allowHeaders: [x]
                  exposeHeaders: [y]
                  maxAge: 24h
                  allowCredentials: true
              - match: [{uri: {prefix: /old}}]
                redirect: {uri: /new, redirectCode: 308, scheme: https, derivePort: FROM_PROTOCOL_DEFAULT}
              - match: [{uri: {exact: /r}}]
                rewrite: {uriRegexRewrite: {match: '^/(.*)', rewrite: '/\\\\1'}}
                route: [{destination: {host: b}}]
              - directResponse: {status: 503, body: {string: closed}}
            """;

    private static String virtualService(String http) {
        return """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: a, namespace: default}
            spec:
              hosts: [a]
              http: %s
            """.formatted(http);
    }

    private static final String SERVICES = """
            apiVersion: v1
            kind: Service
            metadata: {name: a, namespace: default}
            spec: {clusterIP: 10.96.1.1, ports: [{name: http, port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: b, namespace: default}
            spec: {clusterIP: 10.96.1.2, ports: [{name: http, port: 80}]}
            ---
            """;
}
