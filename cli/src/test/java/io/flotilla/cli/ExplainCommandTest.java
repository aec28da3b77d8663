package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
    private static final Path SAMPLE = Path.of(System.getProperty("flotilla.root"), "samples/bookinfo");

    @TempDir
    private Path folder;

    @Test
    void saysWhichLineOfWhichObjectDecides() throws IOException {
        Path rules = Files.writeString(folder.resolve("reviews.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews, namespace: default}
                spec:
                  hosts: [reviews]
                  http:
                  - match: [{headers: {end-user: {exact: jason}}}]
                    timeout: 2s
                    route: [{destination: {host: reviews, subset: v2}}]
                  - name: rest
                    route: [{destination: {host: reviews, subset: v1}}]
                """);
        CommandRun rest = explain(rules, "http://reviews:9080/reviews/0");
        assertThat(rest.exit()).as(rest.err()).isZero();
        assertThat(rest.out())
                .contains("by VirtualService default/reviews spec.http[1], " + rules + ":10")
                .contains("by DestinationRule default/reviews spec.subsets[0], ")
                .contains("by Service default/reviews, ")
                .contains("reviews-v1")
                .contains("mesh TLS, the server takes both mesh TLS and plaintext");
        CommandRun jason = explain(rules, "http://reviews:9080/reviews/0", "-H", "End-User: jason");
        assertThat(jason.out()).contains(rules + ":7").contains("2000ms").contains("outbound|9080|v2|");
    }

    @Test
    void exitsWithOneWhereTheRequestIsNotServedAndWithTwoWhereItCannotTell() throws IOException {
        Path rules = Files.writeString(folder.resolve("abort.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: ratings, namespace: default}
                spec:
                  hosts: [ratings]
                  http:
                  - fault: {abort: {httpStatus: 500, percentage: {value: 100}}}
                    route: [{destination: {host: ratings}}]
                """);
        CommandRun run = explain(rules, "http://ratings:9080/x", "-o", "json");
        assertThat(run.exit()).as(run.err()).isEqualTo(1);
        JsonNode tree = new ObjectMapper().readTree(run.out());
        assertThat(tree.path("served").asBoolean()).isFalse();
        assertThat(tree.path("responseFlags").asText()).isEqualTo("FI");
        assertThat(Stream.iterate(0, i -> i < tree.path("steps").size(), i -> i + 1)
                        .map(i -> tree.path("steps").path(i))
                        .filter(step -> step.path("stage").asText().equals("fault"))
                        .findFirst())
                .hasValueSatisfying(step -> {
                    assertThat(step.path("what").asText()).isEqualTo("abort 500 100%");
                    assertThat(step.path("because").path("line").asInt()).isEqualTo(7);
                });
        assertThat(explain(rules, "ftp://ratings").exit()).isEqualTo(2);
        assertThat(run("explain", "-f", SAMPLE.toString(), "--from", "nobody", "--to", "http://ratings")
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void explainsWhatComesInAtAnEdge() {
        CommandRun run = run(
                "explain",
                "-f",
                SAMPLE.resolve("kube").toString(),
                "-f",
                SAMPLE.resolve("networking/bookinfo-gateway.yaml").toString(),
                "--from",
                "istio-system/istio-ingressgateway",
                "--labels",
                "istio=ingressgateway",
                "--to",
                "http://shop.example.com/productpage");
        assertThat(run.out()).as(run.err()).contains("VirtualService default/bookinfo spec.http[0]");
        assertThat(run.exit()).isZero();
    }

    /** Of several rules for one host the one that decides is named, with its own lines. */
    @Test
    void namesTheObjectThatDecidesWhereSeveralAreForOneHost() throws IOException {
        Path rules = Files.writeString(folder.resolve("ratings.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: a-first, namespace: web, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec:
                  host: api.web.svc.cluster.local
                  subsets:
                  - {name: old, labels: {version: v1}}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: b-second, namespace: web, creationTimestamp: "2026-01-02T00:00:00Z"}
                spec:
                  host: api.web.svc.cluster.local
                  trafficPolicy: {loadBalancer: {simple: RANDOM}}
                  subsets:
                  - {name: old, labels: {version: v0}}
                  - {name: new, labels: {version: v2}}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: api, namespace: web}
                spec:
                  hosts: [api]
                  http:
                  - match: [{uri: {prefix: /new}}]
                    route: [{destination: {host: api, subset: new}}]
                  - match: [{uri: {prefix: /old}}]
                    route: [{destination: {host: api, subset: old}}]
                  - route: [{destination: {host: api}}]
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: api, namespace: web}
                spec: {clusterIP: 10.96.7.7, selector: {app: api}, ports: [{name: http, port: 80}]}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: ui, namespace: web}
                spec:
                  selector: {matchLabels: {app: ui}}
                  template: {metadata: {labels: {app: ui}}, spec: {containers: [{name: ui, image: ui}]}}
                """);
        assertThat(decided(rules, "/new")).isEqualTo("DestinationRule web/b-second spec.subsets[1] 17");
        assertThat(decided(rules, "/old")).isEqualTo("DestinationRule web/a-first spec.subsets[0] 7");
        assertThat(decided(rules, "/")).isEqualTo("DestinationRule web/b-second  9");
    }

    private String decided(Path rules, String path) throws IOException {
        CommandRun run =
                run("explain", "-f", rules.toString(), "--from", "web/ui", "--to", "http://api" + path, "-o", "json");
        JsonNode because = new ObjectMapper()
                .readTree(run.out())
                .path("steps")
                .valueStream()
                .filter(step -> step.path("stage").asText().equals("load balancing"))
                .map(step -> step.path("because"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(run.out() + run.err()));
        return because.path("object").asText() + " " + because.path("path").asText() + " "
                + because.path("line").asInt();
    }

    @Test
    void aRequestOfOldHttpIsAskedFor() throws IOException {
        Path rules = Files.writeString(folder.resolve("modern.yaml"), """
                apiVersion: networking.istio.io/v1alpha3
                kind: EnvoyFilter
                metadata: {name: modern, namespace: default}
                spec:
                  configPatches:
                  - applyTo: NETWORK_FILTER
                    match:
                      context: SIDECAR_OUTBOUND
                      listener:
                        portNumber: 9080
                        filterChain: {filter: {name: envoy.filters.network.http_connection_manager}}
                    patch:
                      operation: REPLACE
                      value:
                        name: envoy.filters.network.http_connection_manager
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: modern
                          rds: {route_config_name: "9080", config_source: {ads: {}, resource_api_version: V3}}
                """);
        assertThat(explain(rules, "http://reviews:9080/").exit()).isZero();
        CommandRun old = explain(rules, "http://reviews:9080/", "--http1.0");
        assertThat(old.exit()).as(old.err()).isEqualTo(1);
        assertThat(old.out()).contains("426");
    }

    private CommandRun explain(Path rules, String url, String... more) {
        return run(Stream.concat(
                        Stream.of(
                                "explain",
                                "-f",
                                SAMPLE.resolve("kube/bookinfo.yaml").toString(),
                                "-f",
                                SAMPLE.resolve("networking/destination-rule-all.yaml")
                                        .toString(),
                                "-f",
                                rules.toString(),
                                "--from",
                                "productpage-v1",
                                "--to",
                                url),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of(arguments);
    }
}
