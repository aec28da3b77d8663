package io.flotilla.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.mesh.pod.EnvoyAdmin;
import io.flotilla.mesh.state.MeshPort;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
        name = "proxy-status",
        aliases = "ps",
        description = {
            "Does every proxy have the newest configuration? Exit 1 where one has not.",
            "With a POD also: where is what its Envoy has not what Pilot tells it?"
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla proxy-status",
            "  flotilla ps reviews-v1-0 -o json",
            "  flotilla ps --pilot-port 15014 reviews-v1-0 --file dump.json"
        })
final class ProxyStatusCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "POD", description = "Only this pod, NAME or NAME.NAMESPACE.")
    private @Nullable String pod;

    @Mixin
    private MeshOption mesh;

    @Option(
            names = "--pilot-port",
            paramLabel = "PORT",
            description = "Another Pilot, by its management port on this machine (a port-forward, say).")
    private int pilotPort;

    @Option(
            names = "--file",
            paramLabel = "DUMP",
            description = "What the pod's Envoy has, as its /config_dump?include_eds wrote it, in place of asking it.")
    private @Nullable Path file;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        output.allow("json");
        if (file != null && pod == null) {
            throw CommandFailure.couldNotRun("name the pod whose dump " + file + " is");
        }
        int port = pilotPort != 0 ? pilotPort : mesh.spec().port(MeshPort.PILOT_MANAGEMENT);
        ManagementClient pilot = new ManagementClient("pilot", port);
        JsonNode proxies = pilot.json("/debug/syncz");
        List<JsonNode> wanted =
                proxies.valueStream().filter(proxy -> matches(name(proxy))).toList();
        if (pod != null && wanted.isEmpty()) {
            throw CommandFailure.no("no proxy of pod " + pod + " is connected to pilot");
        }
        Map<String, ProxyDifferences> differences = compared(pilot, wanted);
        if (output.json()) {
            output.printJson(
                    spec, wanted.stream().map(each -> tree(each, differences)).toList());
        } else {
            print(wanted);
            differences.values().forEach(each -> each.print(spec.commandLine().getOut()));
            spec.commandLine().getOut().flush();
        }
        boolean synced = wanted.stream()
                .allMatch(proxy ->
                        proxy.path("types").propertyStream().allMatch(type -> isGood(state(proxy, type.getKey()))));
        boolean same = differences.values().stream().allMatch(ProxyDifferences::none);
        return synced && same ? ExitCode.DONE : ExitCode.NO;
    }

    /** By name, of the pod that is asked for; empty without one, and where nobody can be asked what its Envoy has. */
    private Map<String, ProxyDifferences> compared(ManagementClient pilot, List<JsonNode> wanted) throws IOException {
        List<String> names = pod == null
                ? List.of()
                : wanted.stream().map(ProxyStatusCommand::name).distinct().toList();
        if (names.isEmpty()) {
            return Map.of();
        }
        if (names.size() > 1) {
            throw CommandFailure.couldNotRun("there are " + String.join(" and ", names) + ": name one of them");
        }
        if (file == null && pilotPort != 0) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "not compared with what Envoy has: --file DUMP says it, where Pilot is not the local mesh's");
            return Map.of();
        }
        String name = names.getFirst();
        // Pilot first: what it has just told is with Envoy by the time that this is asked.
        String told = pilot.json("/debug/config_dump?proxyID=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
                .toString();
        return Map.of(
                name,
                file != null
                        ? ProxyDifferences.of(told, Files.readString(file), file.toString())
                        : ProxyDifferences.of(
                                told,
                                new EnvoyAdmin(mesh.existing()).get(name, "/config_dump?include_eds"),
                                "what the Envoy of " + name + " says"));
    }

    private static Object tree(JsonNode proxy, Map<String, ProxyDifferences> differences) {
        ProxyDifferences of = differences.get(name(proxy));
        return of == null ? proxy : of.in(proxy);
    }

    private void print(List<JsonNode> proxies) {
        Table table = new Table("NAME", "CDS", "LDS", "EDS", "RDS", "CONNECTED");
        for (JsonNode proxy : proxies) {
            table.row(
                    name(proxy),
                    state(proxy, "CDS"),
                    state(proxy, "LDS"),
                    state(proxy, "EDS"),
                    state(proxy, "RDS"),
                    proxy.path("connectedAt").asText());
        }
        spec.commandLine().getOut().print(table);
        for (JsonNode proxy : proxies) {
            proxy.path("types").propertyStream().forEach(type -> {
                String message = type.getValue().path("message").asText().strip();
                if (!message.isEmpty()) {
                    spec.commandLine()
                            .getOut()
                            .println(name(proxy) + " rejected " + type.getKey() + ": " + message
                                    + cause(type.getValue().path("objects")));
                }
            });
        }
        // What one has, all of its kind have: said once.
        proxies.stream()
                .flatMap(proxy -> proxy.path("leftOut").valueStream())
                .map(JsonNode::asText)
                .distinct()
                .forEach(why -> spec.commandLine().getOut().println("left out: " + why));
        spec.commandLine().getOut().flush();
    }

    private static String cause(JsonNode objects) {
        List<String> names = objects.valueStream().map(JsonNode::asText).toList();
        return names.isEmpty() ? "" : " (from " + String.join(", ", names) + ")";
    }

    /** SYNCED, STALE (sent, no answer yet), ERROR (refused), NOT SENT (it did not ask, or there is nothing). */
    static String state(JsonNode proxy, String type) {
        JsonNode status = proxy.path("types").path(type);
        String sent = status.path("sent").asText();
        if (!status.path("rejected").asText().isEmpty()) {
            return "ERROR";
        }
        if (sent.isEmpty()) {
            // It came back with all that it is to have.
            return status.path("kept").asBoolean() ? "SYNCED" : "NOT SENT";
        }
        return sent.equals(status.path("acked").asText()) ? "SYNCED" : "STALE";
    }

    private static boolean isGood(String state) {
        return state.equals("SYNCED") || state.equals("NOT SENT");
    }

    /** "POD.NAMESPACE" of a node id "ROLE~IP~POD.NAMESPACE~DOMAIN". */
    private static String name(JsonNode proxy) {
        String[] parts = proxy.path("node").asText().split("~", -1);
        return parts.length > 2 ? parts[2] : proxy.path("node").asText();
    }

    private boolean matches(String name) {
        return pod == null || name.equals(pod) || name.startsWith(pod + ".");
    }
}
