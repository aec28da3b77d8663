package io.flotilla.cli;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Clause;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.MtlsDecision;
import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.policy.ClientTls;
import io.flotilla.policy.Protection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "tls-check",
        description = {
            "Do a client and the servers it may call agree about mutual TLS? One line for each port of each service.",
            "Exit 1 where one is in conflict."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla authn tls-check productpage-v1 -f samples/bookinfo",
            "  flotilla authn tls-check productpage-v1-0.default reviews.default.svc.cluster.local",
            "  flotilla authn tls-check -o json"
        })
final class TlsCheckCommand implements Callable<Integer> {
    private static final String NOTHING = "-";

    @Mixin
    private MeshSource source;

    @Mixin
    private OutputOption output;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "[NS/]POD",
            description = "The client (default: any of the namespace).")
    private @Nullable String pod;

    @Parameters(index = "1", arity = "0..1", paramLabel = "SERVICE", description = "Only this service.")
    private @Nullable String service;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Of names without one (default: ${DEFAULT-VALUE}).")
    private String namespace;

    @Spec
    private CommandSpec spec;

    /** One port of one service, as this client meets it. */
    private record Line(String host, int port, List<MtlsDecision> servers, ClientTls client) {
        boolean conflict() {
            return servers.stream().anyMatch(each -> client.conflicts(each.mode()));
        }

        /** As istioctl 1.1 says it; several where the service's workloads differ. */
        String server() {
            return servers.stream()
                    .map(each -> switch (each.mode()) {
                        case STRICT -> "mTLS";
                        case PERMISSIVE -> "HTTP/mTLS";
                        case DISABLE -> "HTTP";
                    })
                    .distinct()
                    .collect(Collectors.joining(","));
        }

        String clientSpeaks() {
            return switch (client.mode()) {
                case MESH -> "mTLS";
                case PLAINTEXT, OWN -> "HTTP";
                case AUTOMATIC ->
                    servers.stream()
                            .map(each -> client.shows(each.mode()) ? "mTLS" : "HTTP")
                            .distinct()
                            .collect(Collectors.joining(","));
            };
        }
    }

    @Override
    public Integer call() throws IOException {
        output.allow("json");
        MeshSource.Read mesh = source.read(spec);
        String own = namespace;
        Map<String, String> labels = Map.of();
        if (pod != null) {
            Workload workload = new Workloads(mesh).get("POD", Workloads.Name.parse(pod, namespace));
            own = workload.getNamespace();
            labels = workload.getLabelsMap();
        }
        List<Line> lines = new ArrayList<>();
        for (MeshService each : mesh.snapshot().imports(own, labels, true).services()) {
            if (wanted(each, own)) {
                for (ServicePort port : each.ports()) {
                    lines.add(line(mesh.snapshot(), each, port.number(), own, labels));
                }
            }
        }
        if (lines.isEmpty() && service != null) {
            throw CommandFailure.no("no service " + service + " is seen from namespace " + own);
        }
        print(lines, new DecisionText(mesh.places()));
        return lines.stream().anyMatch(Line::conflict) ? ExitCode.NO : ExitCode.DONE;
    }

    private boolean wanted(MeshService each, String own) {
        return service == null
                || each.hostname().equals(service)
                || each.hostname().startsWith(service + ".svc.")
                || each.hostname().startsWith(service + "." + own + ".svc.");
    }

    private static Line line(
            MeshSnapshot mesh, MeshService service, int port, String namespace, Map<String, String> labels) {
        List<MtlsDecision> servers = Reached.of(service, port, "", mesh).stream()
                .map(target -> target.sidecar()
                        ? Protection.of(mesh, target.guarded(), target.port())
                                .port()
                                .mtls()
                                .orElseGet(TlsCheckCommand::plain)
                        : plain())
                .distinct()
                .toList();
        return new Line(
                service.hostname(),
                port,
                servers.isEmpty() ? List.of(plain()) : servers,
                ClientTls.of(mesh, service, port, "", namespace, labels));
    }

    private static MtlsDecision plain() {
        return new MtlsDecision(MtlsMode.DISABLE, Optional.empty());
    }

    private void print(List<Line> lines, DecisionText text) {
        if (output.json()) {
            output.printJson(spec, lines.stream().map(line -> json(line, text)).toList());
            return;
        }
        Table table = new Table("HOST:PORT", "STATUS", "SERVER", "CLIENT", "AUTHN POLICY", "DESTINATION RULE");
        for (Line line : lines) {
            table.row(
                    line.host() + ":" + line.port(),
                    line.conflict() ? "CONFLICT" : "OK",
                    line.server(),
                    line.clientSpeaks(),
                    line.servers().stream()
                            .map(each -> each.by().map(TlsCheckCommand::name).orElse(NOTHING))
                            .distinct()
                            .collect(Collectors.joining(",")),
                    line.client().by().map(TlsCheckCommand::name).orElse(NOTHING));
        }
        spec.commandLine().getOut().print(table);
        spec.commandLine().getOut().flush();
    }

    /** "NAME/NAMESPACE", as istioctl 1.1 says it; nothing after the slash for an object of the whole mesh. */
    private static String name(Clause clause) {
        return clause.object().name() + "/" + clause.object().namespace();
    }

    /** One line; fields are only ever added. */
    private static Map<String, Object> json(Line line, DecisionText text) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("host", line.host());
        tree.put("port", line.port());
        tree.put("status", line.conflict() ? "CONFLICT" : "OK");
        tree.put("server", line.server());
        tree.put("client", line.clientSpeaks());
        tree.put("clientMode", DecisionText.lower(line.client().mode()));
        tree.put(
                "serverBecause",
                line.servers().stream()
                        .flatMap(each -> each.by().stream())
                        .map(text::json)
                        .toList());
        line.client().by().ifPresent(by -> tree.put("clientBecause", text.json(by)));
        return tree;
    }
}
