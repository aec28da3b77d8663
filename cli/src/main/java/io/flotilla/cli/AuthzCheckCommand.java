package io.flotilla.cli;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.authentication.TokenPolicy;
import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.model.Clause;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.MtlsDecision;
import io.flotilla.policy.Protection;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        description = {
            "The policies that are in force at a workload, for each of its ports, in the order in which they are asked:",
            "what the port accepts, whose tokens are believed, who is permitted and refused."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla authz check productpage-v1 -f samples/bookinfo -f policies.yaml",
            "  flotilla authz check cart-1.shop -o json"
        })
final class AuthzCheckCommand implements Callable<Integer> {
    @Mixin
    private MeshSource source;

    @Mixin
    private OutputOption output;

    @Parameters(paramLabel = "[NS/]POD", description = "A pod, or the workload of which it is a replica.")
    private String pod;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Of a name without one (default: ${DEFAULT-VALUE}).")
    private String namespace;

    @Spec
    private CommandSpec spec;

    /** Port and what stands before it; port 0 is every other. */
    private record At(String called, Protection protection) {}

    @Override
    public Integer call() throws IOException {
        output.allow("json");
        MeshSource.Read mesh = source.read(spec);
        Workload workload = new Workloads(mesh).get("POD", Workloads.Name.parse(pod, namespace));
        List<At> ports = ports(workload, mesh.snapshot());
        DecisionText text = new DecisionText(mesh.places());
        if (output.json()) {
            output.printJson(
                    spec,
                    Map.of(
                            "workload",
                            workload.getNamespace() + "/" + workload.getName(),
                            "serviceAccount",
                            workload.getServiceAccount(),
                            "sidecar",
                            workload.getHasSidecar(),
                            "ports",
                            ports.stream().map(at -> json(at, text)).toList()));
            return ExitCode.DONE;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(workload.getNamespace() + "/" + workload.getName() + ", service account "
                + workload.getServiceAccount()
                + (workload.getHasSidecar() ? "" : ", without a proxy: nothing of this is enforced"));
        ports.forEach(at -> print(out, at, text));
        out.flush();
        return ExitCode.DONE;
    }

    private static List<At> ports(Workload workload, MeshSnapshot mesh) {
        Stream<At> called = mesh.inboundPorts(workload.getNamespace(), workload.getLabelsMap()).stream()
                .map(port -> new At(
                        port.service().hostname() + ":" + port.servicePort().number(),
                        Trial.protection(mesh, Reached.of(workload, port.endpointPort()))))
                .filter(at -> at.protection().port().declared());
        At others = new At("no service", Trial.protection(mesh, Reached.of(workload, 0)));
        return mesh.gateways(workload.getLabelsMap()).isEmpty()
                ? Stream.concat(called, Stream.of(others)).toList()
                : List.of(new At("Gateways", others.protection()));
    }

    private static void print(PrintWriter out, At at, DecisionText text) {
        Protection.Port port = at.protection().port();
        out.println();
        out.println((port.number() > 0 ? "port " + port.number() : "other ports") + " ("
                + DecisionText.lower(port.protocol()) + ", called as " + at.called() + ")");
        port.mtls()
                .ifPresent(mtls -> out.println("  mTLS " + mtls.mode()
                        + mtls.by().map(by -> " by " + text.place(by)).orElse(" by default")));
        at.protection().tokens().clauses().forEach(by -> out.println("  tokens by " + text.place(by)));
        Table table = new Table("  ACTION", "POLICY", "RULES", "WHERE");
        for (AccessPolicy policy : at.protection().authorization().policies()) {
            Clause whole = new Clause(policy.key(), "");
            table.row(
                    "  " + action(policy),
                    policy.key().toString(),
                    String.valueOf(policy.rules().size()),
                    text.where(whole));
        }
        if (at.protection().authorization().policies().isEmpty()) {
            out.println("  no policy says who may call: everybody may");
        } else {
            out.print(table);
        }
    }

    private static String action(AccessPolicy policy) {
        return policy.action()
                + (policy.provider().isEmpty() ? "" : " " + policy.provider())
                + (policy.dryRun() ? " (dry run)" : "");
    }

    /** One port; fields are only ever added. */
    private static Map<String, Object> json(At at, DecisionText text) {
        Protection.Port port = at.protection().port();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("port", port.number());
        tree.put("protocol", DecisionText.lower(port.protocol()));
        tree.put("calledAs", at.called());
        port.mtls().map(MtlsDecision::mode).ifPresent(mode -> tree.put("mtls", mode.name()));
        port.mtls().flatMap(MtlsDecision::by).ifPresent(by -> tree.put("mtlsBecause", text.json(by)));
        tree.put(
                "tokens",
                at.protection().tokens().policy() instanceof TokenPolicy.Classic ? "origins" : "requestAuthentication");
        tree.put(
                "tokensBecause",
                at.protection().tokens().clauses().stream().map(text::json).toList());
        tree.put(
                "policies",
                at.protection().authorization().policies().stream()
                        .map(policy -> {
                            Map<String, Object> each = new LinkedHashMap<>();
                            each.put("action", policy.action().name());
                            each.put("dryRun", policy.dryRun());
                            each.put("provider", policy.provider());
                            each.put("rules", policy.rules().size());
                            each.put("because", text.json(new Clause(policy.key(), "")));
                            return each;
                        })
                        .toList());
        return tree;
    }
}
