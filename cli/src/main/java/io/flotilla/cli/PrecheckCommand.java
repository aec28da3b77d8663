package io.flotilla.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedFile;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.mesh.component.Http;
import io.flotilla.mesh.envoy.EnvoyBinary;
import io.flotilla.mesh.isolation.IsolationProbe;
import io.flotilla.mesh.process.Output;
import io.flotilla.mesh.process.Tool;
import io.flotilla.mesh.state.MeshPort;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "precheck",
        description = {
            "Can the mesh be installed? Looks at the cluster of the active kubeconfig: its version, what this user",
            "may do, other control planes, objects that are there, room. Without a cluster: at this machine.",
            "Changes nothing. Exit 1 where something stands in the way."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla precheck", "  flotilla precheck --context staging -o json"})
final class PrecheckCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAMESPACE = "istio-system";

    /** What the overlays of deploy/kustomize consist of. */
    private static final List<String> OF_CLUSTER = List.of(
            "namespaces",
            "customresourcedefinitions.apiextensions.k8s.io",
            "clusterroles.rbac.authorization.k8s.io",
            "clusterrolebindings.rbac.authorization.k8s.io",
            "mutatingwebhookconfigurations.admissionregistration.k8s.io",
            "validatingwebhookconfigurations.admissionregistration.k8s.io");

    private static final List<String> OF_NAMESPACE = List.of(
            "configmaps",
            "serviceaccounts",
            "services",
            "persistentvolumeclaims",
            "deployments.apps",
            "roles.rbac.authorization.k8s.io",
            "rolebindings.rbac.authorization.k8s.io",
            "networkpolicies.networking.k8s.io",
            "poddisruptionbudgets.policy",
            "horizontalpodautoscalers.autoscaling");

    @Mixin
    private PlaceOption place;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws JsonProcessingException {
        output.allow("json");
        boolean cluster = place.clusterNamed() || place.clusterActive();
        List<Checked> checked =
                cluster ? cluster(place.kubectl()).checked() : machine().checked();
        if (output.json()) {
            output.printJson(spec, checked.stream().map(Checked::json).toList());
        } else {
            checked.forEach(each -> spec.commandLine().getOut().println(each.line()));
        }
        return checked.stream().anyMatch(each -> each.verdict() == Checked.Verdict.ERROR) ? ExitCode.NO : ExitCode.DONE;
    }

    private static ClusterPrecheck cluster(Kubectl kubectl) throws JsonProcessingException {
        Output version = kubectl.run("", "version", "-o", "json");
        if (!version.ok()) {
            throw CommandFailure.couldNotRun(
                    "the API server does not answer: " + version.err().strip());
        }
        return new ClusterPrecheck(
                JSON.readTree(version.out()),
                rights(kubectl),
                list(kubectl, "get", "deployments.apps", "-A"),
                list(kubectl, "get", "mutatingwebhookconfigurations.admissionregistration.k8s.io"),
                list(kubectl, "get", "nodes"),
                existing(kubectl));
    }

    private static Map<String, Boolean> rights(Kubectl kubectl) {
        Map<String, Boolean> rights = new LinkedHashMap<>();
        OF_CLUSTER.forEach(each -> right(each, kubectl.run("", "auth", "can-i", "create", each), rights));
        OF_NAMESPACE.forEach(
                each -> right(each, kubectl.run("", "auth", "can-i", "create", each, "-n", NAMESPACE), rights));
        return rights;
    }

    private static void right(String resource, Output answer, Map<String, Boolean> rights) {
        String said = answer.out().strip();
        if (said.equals("yes") || said.startsWith("no")) {
            rights.put(resource, said.equals("yes"));
        }
    }

    // What may not be read counts as not there; the rights say so.
    private static JsonNode list(Kubectl kubectl, String... words) throws JsonProcessingException {
        Output answer = kubectl.run(
                "", Stream.concat(Stream.of(words), Stream.of("-o", "json")).toArray(String[]::new));
        return JSON.readTree(answer.ok() ? answer.out() : "{}");
    }

    private static ClusterPrecheck.Existing existing(Kubectl kubectl) throws JsonProcessingException {
        Set<String> kinds = list(kubectl, "get", "customresourcedefinitions.apiextensions.k8s.io")
                .path("items")
                .valueStream()
                .map(each -> each.path("metadata").path("name").asText())
                .filter(name -> name.endsWith(".istio.io"))
                .collect(Collectors.toCollection(TreeSet::new));
        if (kinds.isEmpty()) {
            return new ClusterPrecheck.Existing(0, 0, List.of());
        }
        ParsedFile objects = new ObjectReader(ReadOptions.DEFAULT)
                .read(
                        "cluster",
                        list(kubectl, "get", String.join(",", kinds), "-A").toString());
        return new ClusterPrecheck.Existing(kinds.size(), objects.objects().size(), ValidateCommand.findings(objects));
    }

    private static MachinePrecheck machine() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new MachinePrecheck(
                Runtime.version().feature(),
                EnvoyBinary.present(System.getenv()).map(Path::toString),
                Stream.of("pip3", "pip").anyMatch(each -> Tool.find(each).isPresent()),
                IsolationProbe.find(),
                system.getTotalMemorySize(),
                Stream.of(MeshPort.values())
                        .map(MeshPort::standard)
                        .filter(port -> Http.accepts("127.0.0.1", port))
                        .toList());
    }
}
