package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
    private static final Path SAMPLE = Path.of(System.getProperty("flotilla.root"), "samples/bookinfo");

    @TempDir
    private Path folder;

    private record Run(int exit, String out, String err) {}

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
        Run rest = explain(rules, "http://reviews:9080/reviews/0");
        assertThat(rest.exit()).as(rest.err()).isZero();
        assertThat(rest.out())
                .contains("by VirtualService default/reviews spec.http[1], " + rules + ":10")
                .contains("by DestinationRule default/reviews spec.subsets[0], ")
                .contains("by Service default/reviews, ")
                .contains("reviews-v1")
                .contains("mesh TLS, the server takes both mesh TLS and plaintext");
        Run jason = explain(rules, "http://reviews:9080/reviews/0", "-H", "End-User: jason");
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
        Run run = explain(rules, "http://ratings:9080/x", "-o", "json");
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
        Run run = run(
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

    private Run explain(Path rules, String url, String... more) {
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

    private static Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Run(exit, out.toString(), err.toString());
    }
}
