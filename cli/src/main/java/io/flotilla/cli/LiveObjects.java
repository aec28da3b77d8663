package io.flotilla.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.config.model.Kind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Objects that a running Galley holds, as its management port tells them. */
final class LiveObjects {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<JsonNode> found = new ArrayList<>();

    /**
     * Asks for them.
     *
     * @param kind      null is all
     * @param namespace null is all
     * @param name      null is all
     */
    LiveObjects(ManagementClient galley, @Nullable Kind kind, @Nullable String namespace, @Nullable String name) {
        StringBuilder path = new StringBuilder("/debug/objects?");
        if (kind != null) {
            parameter(path, "group", kind.group());
            parameter(path, "kind", kind.name());
        }
        if (namespace != null) {
            parameter(path, "namespace", namespace);
        }
        if (name != null) {
            parameter(path, "name", name);
        }
        galley.json(path.toString()).path("objects").forEach(found::add);
    }

    private static void parameter(StringBuilder path, String name, String text) {
        path.append(name)
                .append('=')
                .append(URLEncoder.encode(text, StandardCharsets.UTF_8))
                .append('&');
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** Each with "origin" and "object". */
    List<JsonNode> nodes() {
        return List.copyOf(found);
    }

    /** As the user asked for it; one named object alone, others as a list. */
    void print(CommandSpec spec, OutputOption output, boolean one) {
        List<Object> trees = found.stream()
                .<Object>map(each -> JSON.convertValue(each.path("object"), Map.class))
                .toList();
        Object tree = one && trees.size() == 1
                ? trees.getFirst()
                : new LinkedHashMap<>(Map.of("apiVersion", "v1", "kind", "List", "items", trees));
        var out = spec.commandLine().getOut();
        if (output.json()) {
            output.printJson(spec, tree);
        } else if (output.yaml()) {
            out.print(OutputOption.yamlOf(tree));
        } else {
            out.print(table(output.wide()).toString());
        }
        out.flush();
    }

    /** What became of it at the proxies, with the reason where one refuses it; "-" where Galley was not told. */
    private static String proxies(JsonNode each) {
        return switch (each.path("proxies").path("state").asText()) {
            case "DISTRIBUTED" -> "all have it";
            case "PENDING" -> "not all yet";
            case "REFUSED" -> each.path("proxies").path("message").asText();
            default -> "-";
        };
    }

    private Table table(boolean wide) {
        Table table = wide
                ? new Table("NAMESPACE", "KIND", "NAME", "VERSION", "FROM", "PROXIES")
                : new Table("NAMESPACE", "KIND", "NAME", "PROXIES");
        for (JsonNode each : found) {
            JsonNode object = each.path("object");
            JsonNode metadata = object.path("metadata");
            String namespace = metadata.path("namespace").asText("");
            String kind = object.path("kind").asText("");
            String name = metadata.path("name").asText("");
            if (wide) {
                table.row(
                        namespace,
                        kind,
                        name,
                        each.path("version").asText(""),
                        each.path("origin").asText(""),
                        proxies(each));
            } else {
                table.row(namespace, kind, name, proxies(each));
            }
        }
        return table;
    }
}
