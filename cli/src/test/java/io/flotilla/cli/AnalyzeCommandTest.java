package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalyzeCommandTest {
    private static final String ROUTE = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata:
              name: reviews
            spec:
              hosts: [reviews]
              http:
              - route: [{destination: {host: reviews, subset: v9}}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: reviews}
            spec:
              selector: {app: reviews}
              ports: [{name: web, port: 9080}]
            """;

    @TempDir
    private Path folder;

    @Test
    void aFindingHasFileLineFieldAndCodeAndExitsWithOne() throws IOException {
        CommandRun run = run("analyze", "-f", write(ROUTE));

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out())
                .contains("routes.yaml:8: error: VirtualService default/reviews: "
                        + "spec.http[0].route[0].destination.subset: no DestinationRule defines subset \"v9\"")
                .contains("[FA0102]")
                .contains("[FA0601]");
    }

    @Test
    void saysHowManyFindingsItDoesNotShow() throws IOException {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 1_003; i++) {
            many.append("---\n")
                    .append(ROUTE.substring(0, ROUTE.indexOf("---"))
                            .replace("name: reviews", "name: r" + i)
                            .replace("reviews", "nowhere-" + i));
        }

        assertThat(run("analyze", "-f", write(many.toString())).out())
                .contains("3 more findings of FA0101 are not shown");
    }

    @Test
    void whatIsSuppressedIsNotToldAndDoesNotFail() throws IOException {
        String file = write(ROUTE);

        assertThat(run("analyze", file, "--suppress", "FA0102=VirtualService reviews.default")
                        .exit())
                .isZero();
        assertThat(run("analyze", file, "--suppress", "IST0101=* *.default").exit())
                .isZero();
        assertThat(run("analyze", file, "--suppress", "FA0102=VirtualService ratings.default")
                        .exit())
                .isEqualTo(1);
        assertThat(run("analyze", file, "--suppress", "FA0102").exit()).isEqualTo(2);
    }

    @Test
    void anAnnotationSuppressesByAnyOfTheNamesOfACode() throws IOException {
        for (String code : List.of("FA0102", "IST0101", "KIA1107", "*", "IST0999, KIA1107")) {
            String annotated = ROUTE.replace(
                    "  name: reviews\n",
                    "  name: reviews\n  annotations: {galley.istio.io/analyze-suppress: \"" + code + "\"}\n");

            assertThat(run("analyze", write(annotated)).exit()).as(code).isZero();
        }
        assertThat(run(
                                "analyze",
                                write(
                                        ROUTE.replace(
                                                "  name: reviews\n",
                                                "  name: reviews\n  annotations: {galley.istio.io/analyze-suppress: IST0102}\n")))
                        .exit())
                .isEqualTo(1);
    }

    @Test
    void thresholdsSayWhatFailsAndWhatIsShown() throws IOException {
        String file = write(ROUTE.replace(", subset: v9", ""));

        assertThat(run("analyze", file).exit()).isZero();
        assertThat(run("analyze", file, "--failure-threshold", "Info").exit()).isEqualTo(1);
        CommandRun quiet = run("analyze", file, "--output-threshold", "Warning");
        assertThat(quiet.out()).isEmpty();
        assertThat(run("analyze", file, "--failure-threshold", "fatal").exit()).isEqualTo(2);
    }

    @Test
    void jsonHasTheCodesOfOthersToo() throws IOException {
        JsonNode findings = new ObjectMapper()
                .readTree(run("analyze", "-o", "json", write(ROUTE)).out());

        JsonNode first = findings.path(0);
        assertThat(first.path("code").asText()).isEqualTo("FA0102");
        assertThat(first.path("line").asInt()).isEqualTo(8);
        assertThat(first.path("istio").path(0).asText()).isEqualTo("IST0101");
        assertThat(first.path("kiali").path(0).asText()).isEqualTo("KIA1107");
    }

    @Test
    void aNamespaceNarrowsWhatIsShown() throws IOException {
        String file = write(ROUTE.replace("name: reviews\n", "name: reviews\n  namespace: shop\n"));

        assertThat(run("analyze", file, "-n", "default").exit()).isZero();
        assertThat(run("analyze", file, "-n", "shop").exit()).isEqualTo(1);
        assertThat(run("analyze", file, "-n", "default", "-A").exit()).isEqualTo(1);
    }

    @Test
    void everyCodeIsListedAndExplained() throws IOException {
        CommandRun list = run("analyze", "--list");
        JsonNode entries = new ObjectMapper()
                .readTree(run("analyze", "--list", "-o", "json").out());

        assertThat(entries.size()).isGreaterThan(90);
        for (JsonNode entry : entries) {
            String code = entry.path("code").asText();
            assertThat(list.out()).contains(code);
            assertThat(run("analyze", "--explain", code).out()).startsWith(code);
        }
        assertThat(run("analyze", "--explain", "ist0113").out()).contains("FA0501", "FA0502");
        assertThat(run("analyze", "--explain", "IST9999").exit()).isEqualTo(1);
    }

    private String write(String text) throws IOException {
        return Files.writeString(folder.resolve("routes.yaml"), text).toString();
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of(arguments);
    }
}
