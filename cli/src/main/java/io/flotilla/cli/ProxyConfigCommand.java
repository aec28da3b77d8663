package io.flotilla.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.mesh.pod.EnvoyAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "proxy-config",
        aliases = "pc",
        description = "What an Envoy really has, from the live proxy or from a configuration dump.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla proxy-config cluster reviews-v1-0",
            "  flotilla pc route productpage-v1-0.default -o json",
            "  flotilla pc listener --file dump.json",
            "  flotilla pc all reviews-v1-0 -o json"
        })
final class ProxyConfigCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Most characters of a version in a table; JSON has all. */
    private static final int VERSION = 80;

    /** What is asked for, to the type of its part of the dump. */
    private static final Map<String, String> PARTS = Map.of(
            "bootstrap", "BootstrapConfigDump",
            "listener", "ListenersConfigDump",
            "route", "RoutesConfigDump",
            "cluster", "ClustersConfigDump",
            "endpoint", "EndpointsConfigDump",
            "secret", "SecretsConfigDump");

    private static final String ALL = "all";

    /** What "all" has, in its order; of a table the bootstrap is no part. */
    private static final List<String> ORDER =
            List.of("bootstrap", "listener", "route", "cluster", "endpoint", "secret");

    @Parameters(
            index = "0",
            paramLabel = "TYPE",
            description = "bootstrap, listener, route, cluster, endpoint, secret (plurals work too), or all.")
    private String type;

    @Parameters(index = "1", arity = "0..1", paramLabel = "POD", description = "NAME or NAME.NAMESPACE.")
    private @Nullable String pod;

    @Option(names = "--file", paramLabel = "DUMP", description = "A file that Envoy's /config_dump?include_eds wrote.")
    private @Nullable Path file;

    @Mixin
    private MeshOption mesh;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        output.allow("json");
        String wanted = type.endsWith("s") ? type.substring(0, type.length() - 1) : type;
        if (wanted.equals(ALL)) {
            all(dump());
            return ExitCode.DONE;
        }
        String part = PARTS.get(wanted);
        if (part == null) {
            throw CommandFailure.couldNotRun(
                    "there is no type \"" + type + "\"; types are " + ALL + ", " + String.join(", ", ORDER));
        }
        List<JsonNode> resources = resources(dump(), part);
        if (output.json() || wanted.equals("bootstrap")) {
            output.printJson(spec, bodies(resources));
        } else {
            spec.commandLine().getOut().print(table(wanted, resources));
            spec.commandLine().getOut().flush();
        }
        return ExitCode.DONE;
    }

    private void all(JsonNode dump) {
        Map<String, List<JsonNode>> byType = new LinkedHashMap<>();
        for (String each : ORDER) {
            byType.put(each, resources(dump, PARTS.getOrDefault(each, "")));
        }
        if (output.json()) {
            Map<String, Object> tree = new LinkedHashMap<>();
            byType.forEach((each, resources) -> tree.put(each, bodies(resources)));
            output.printJson(spec, tree);
            return;
        }
        byType.remove("bootstrap");
        spec.commandLine()
                .getOut()
                .print(String.join(
                        "\n",
                        byType.entrySet().stream()
                                .map(each -> each.getKey() + "s:\n" + table(each.getKey(), each.getValue()))
                                .toList()));
        spec.commandLine().getOut().flush();
    }

    private static Table table(String type, List<JsonNode> resources) {
        if (type.equals("endpoint")) {
            return EndpointTable.of(resources);
        }
        Table table = new Table("NAME", "VERSION", "UPDATED");
        resources.forEach(resource -> table.row(
                ConfigDumps.name(resource), shown(ConfigDumps.version(resource)), ConfigDumps.updated(resource)));
        return table;
    }

    private JsonNode dump() throws IOException {
        try {
            return JSON.readTree(file != null ? Files.readString(file) : asked());
        } catch (JsonProcessingException e) {
            throw CommandFailure.couldNotRun(
                    (file != null ? file : "the proxy of pod " + pod) + " holds no JSON: " + e.getOriginalMessage());
        }
    }

    private String asked() throws IOException {
        if (pod == null) {
            throw CommandFailure.couldNotRun("name a pod, or a dump with --file");
        }
        return new EnvoyAdmin(mesh.existing()).get(pod, "/config_dump?include_eds");
    }

    // That of a certificate is a sealed text of hundreds of characters.
    private static String shown(String version) {
        return version.length() <= VERSION ? version : version.substring(0, VERSION - 3) + "...";
    }

    private static List<JsonNode> resources(JsonNode dump, String part) {
        List<JsonNode> resources = new ArrayList<>();
        for (JsonNode config : dump.path("configs")) {
            if (!config.path("@type").asText().endsWith(part)) {
                continue;
            }
            if (config.has("bootstrap")) {
                resources.add(config.path("bootstrap"));
            }
            config.properties().stream()
                    .map(Map.Entry::getValue)
                    .filter(JsonNode::isArray)
                    .flatMap(JsonNode::valueStream)
                    .forEach(resources::add);
        }
        return resources;
    }

    private static List<JsonNode> bodies(List<JsonNode> resources) {
        return resources.stream().map(ConfigDumps::body).toList();
    }
}
