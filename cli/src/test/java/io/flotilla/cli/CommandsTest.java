package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandsTest {
    private static final String GOOD = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: [reviews]
              http:
              - route: [{destination: {host: reviews}}]
            """;

    @TempDir
    private Path folder;

    @Test
    void validateSaysFileLineAndFieldAndExitsWithOne() throws IOException {
        Path file = write("bad.yaml", GOOD.replace("destination:", "destinaton:"));

        CommandRun run = run("validate", "-f", file.toString());

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out())
                .startsWith(file + ":7: error: VirtualService default/reviews: ")
                .contains("destinaton", "destination");
    }

    @Test
    void validateAcceptsWhatIsGood() throws IOException {
        assertThat(run("validate", "-f", write("good.yaml", GOOD).toString()).exit())
                .isZero();
    }

    @Test
    void aHostThatAnotherNamespaceClaimsIsKeptOutByEveryCommand() throws IOException {
        String file = write("claims.yaml", """
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: istio, namespace: istio-system}
                        data: {mesh: "ownership: {mode: ENFORCE, claims: [shop/pay.example.com]}"}
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: ServiceEntry
                        metadata: {name: pay, namespace: evil}
                        spec: {hosts: [pay.example.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}
                        """).toString();
        String said = "ServiceEntry evil/pay: spec.hosts[0]: \"pay.example.com\" captures \"pay.example.com\" of"
                + " namespace shop, which claims it";

        CommandRun validated = run("validate", "-f", file);
        assertThat(validated.exit()).isEqualTo(1);
        assertThat(validated.out()).contains("claims.yaml:6: error: " + said);
        CommandRun analyzed = run("analyze", "-f", file, "-A");
        assertThat(analyzed.exit()).isEqualTo(1);
        assertThat(analyzed.out()).contains(said);
        CommandRun compiled =
                run("compile", "-f", file, "--proxy", "sidecar~10.44.0.9~a-0.default~default.svc.cluster.local");
        assertThat(compiled.err()).contains(said);
        assertThat(compiled.out()).doesNotContain("pay.example.com");
    }

    @Test
    void oneOfAThingIsNotCalledMany() throws IOException {
        String service =
                "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{name: http, port: 80}]}}\n";
        String file = write("services.yaml", service).toString();

        assertThat(run("validate", "-f", file).err()).isEqualToIgnoringNewLines("1 object, 0 errors, 0 other findings");
        assertThat(run("analyze", "-f", file).err()).doesNotContain("1 errors", "1 other findings");
    }

    @Test
    void validatePrintsJson() throws IOException {
        CommandRun run =
                run("validate", "-o", "json", "-f", write("bad.yaml", "kind: [").toString());

        JsonNode findings = new ObjectMapper().readTree(run.out());
        assertThat(findings.path(0).path("severity").asText()).isEqualTo("error");
        assertThat(findings.path(0).path("line").asInt()).isPositive();
    }

    @Test
    void aMissingFileIsNoStackTrace() {
        CommandRun run = run("validate", "-f", folder.resolve("nowhere").toString());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("there is no file or folder").doesNotContain("\tat ");
    }

    @Test
    void aMissingDumpIsNamedAndNotAnException() {
        Path dump = folder.resolve("nowhere.json");

        CommandRun run = run("proxy-config", "listener", "--file", dump.toString());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).isEqualToIgnoringNewLines("flotilla: there is no file " + dump);
    }

    @Test
    void aDumpThatIsNoneIsNoException() throws IOException {
        Path dump = write("dump", "# not JSON");

        CommandRun run = run("proxy-config", "listener", "--file", dump.toString());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("flotilla: " + dump + " holds no JSON: ")
                .hasLineCount(1);
    }

    @Test
    void verbsOfIstioctlSayWhatToTypeInstead() {
        CommandRun install = run("install", "--set", "profile=demo");
        assertThat(install.exit()).isEqualTo(2);
        assertThat(install.err())
                .startsWith("flotilla: there is no \"install\" here: ")
                .contains("kubectl apply -k deploy/kustomize/overlays/demo")
                .hasLineCount(1);
        assertThat(run("x", "describe").err()).startsWith("flotilla: there is no \"describe\" here: ");
        assertThat(run("tag", "list").err()).startsWith("flotilla: there is no \"tag\" here: ");
        assertThat(run("instal").err()).startsWith("Unmatched argument");
        assertThat(Path.of("../deploy/kustomize/overlays/demo")).isDirectory();
    }

    @Test
    void helpOfACommandMayBeAskedForFirst() {
        assertThat(run("help").out()).contains("Usage: flotilla ", "proxy-status, ps");
        CommandRun explain = run("help", "explain");
        assertThat(explain.exit()).isZero();
        assertThat(explain.out()).startsWith("Usage: flotilla explain ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"galley", "pilot", "citadel", "mixer", "sidecar-injector", "gateway"})
    void settingsOfEachServiceAreThoseOfItsReadme(String service) throws IOException {
        assertThat(ServiceSettings.of(Path.of("..", service, "README.md")))
                .hasSizeGreaterThan(10)
                .anyMatch(line -> line.matches(" {2}.*management-port.* \\(default: .*\\)"))
                .noneMatch(line -> line.contains("`") || line.contains("]("));
    }

    @Test
    void compilePrintsWhatAProxyGets() throws IOException {
        CommandRun run = run(
                "compile",
                "-f",
                write("service.yaml", SERVICE).toString(),
                "--proxy",
                "sidecar~10.44.0.9~client-0.default~default.svc.cluster.local",
                "--labels",
                "app=client");

        JsonNode resources = new ObjectMapper().readTree(run.out());
        assertThat(run.exit()).isZero();
        assertThat(resources.properties())
                .extracting(java.util.Map.Entry::getKey)
                .containsExactlyInAnyOrder("listeners", "routes", "clusters", "endpoints", "secrets");
        assertThat(resources.path("clusters").findValuesAsText("name"))
                .contains("outbound|9080||reviews.default.svc.cluster.local");
    }

    @Test
    void kubeInjectAddsTheSidecarAndKeepsOtherDocuments() throws IOException {
        CommandRun run = run(
                "kube-inject",
                "-f",
                write("app.yaml", DEPLOYMENT + "---\n" + GOOD).toString());

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("istio-proxy", "istio-init").endsWith("---\n" + GOOD);
    }

    @Test
    void kubeInjectReadsWhatTheMeshSaysOfProxiesFromTheSameManifestsOrAFile() throws IOException {
        String mesh = """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: '{defaultConfig: {drainDuration: 33s}}'}
                ---
                apiVersion: networking.istio.io/v1beta1
                kind: ProxyConfig
                metadata: {name: all, namespace: default}
                spec: {environmentVariables: {MARK: of-the-object}}
                """;
        String manifests = write("app.yaml", DEPLOYMENT + "---\n" + mesh).toString();
        assertThat(run("kube-inject", "-f", manifests).out()).contains("MARK", "value: of-the-object", "'33'");

        Path file = write("mesh-config", "defaultConfig: {drainDuration: 44s}");
        assertThat(run("kube-inject", "-f", manifests, "--meshConfigFile", file.toString())
                        .out())
                .contains("'44'", "value: of-the-object")
                .doesNotContain("'33'");
        CommandRun broken = run(
                "kube-inject",
                "-f",
                manifests,
                "--meshConfigFile",
                write("broken", "defaultConfig: {drainDuration: long}").toString());
        assertThat(broken.exit()).isEqualTo(2);
        assertThat(broken.err()).contains("broken: ");
    }

    @Test
    void commandsOnAMeshThatIsNotThereSayHowToStartOne() {
        for (List<String> command :
                List.of(List.of("get", "vs"), List.of("delete", "vs", "x"), List.of("proxy-status"))) {
            List<String> line = new ArrayList<>(command);
            line.addAll(List.of("--name", "no-such-mesh"));

            CommandRun run = run(line.toArray(String[]::new));

            assertThat(run.exit()).as(line.toString()).isEqualTo(2);
            assertThat(run.err()).contains("flotilla up");
        }
    }

    @Test
    void everyCommandExplainsItself() {
        Main.commandLine()
                .getSubcommands()
                .values()
                .forEach(command -> assertThat(command.getUsageMessage(CommandLine.Help.Ansi.OFF))
                        .as(command.getCommandName())
                        .contains("Usage: flotilla " + command.getCommandName()));
    }

    @Test
    void serviceSettingsBecomeVariables() {
        assertThat(RunCommand.environment(List.of("--config-dir", "a b", "--port=9901", "--identity.citadel", "h:1")))
                .containsEntry("FLOTILLA_CONFIG_DIR", "a b")
                .containsEntry("FLOTILLA_PORT", "9901")
                .containsEntry("FLOTILLA_IDENTITY_CITADEL", "h:1");
    }

    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: reviews}
            spec:
              selector: {app: reviews}
              ports: [{name: http, port: 9080}]
            """;

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: reviews}
            spec:
              selector: {matchLabels: {app: reviews}}
              template:
                metadata: {labels: {app: reviews}}
                spec:
                  containers: [{name: reviews, image: reviews}]
            """;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of(arguments);
    }
}
