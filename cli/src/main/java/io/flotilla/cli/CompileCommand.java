package io.flotilla.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.store.MeshFolder;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.EnvoyTypes;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Translator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "compile",
        description = {
            "Offline: what Pilot would send to a proxy. One object with listeners, routes, clusters, endpoints",
            "and secrets, each an array of Envoy v3 messages in protobuf JSON."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla compile -f samples/bookinfo/kube --proxy sidecar~10.44.0.1~reviews-v1-0.default~default.svc.cluster.local",
            "  flotilla compile -f DIR --proxy router~10.44.0.2~gw-0.istio-system~x --labels istio=ingressgateway -o yaml"
        })
final class CompileCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private FileArguments files;

    @Mixin
    private OutputOption output;

    @Option(names = "--proxy", required = true, paramLabel = "ID", description = "ROLE~IP~POD.NAMESPACE~DOMAIN")
    private String proxyId;

    @Option(
            names = "--labels",
            split = ",",
            paramLabel = "K=V",
            description = "The pod's labels, where the manifests have no such pod.")
    private Map<String, String> labels = new TreeMap<>();

    @Option(
            names = "--service-account",
            defaultValue = "",
            description = "The pod's service account, where the manifests have no such pod.")
    private String serviceAccount;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        output.allow("json", "yaml");
        Map<String, String> texts = new TreeMap<>();
        files.read().forEach(file -> texts.put(file.name(), file.content()));
        MeshFolder mesh = MeshFolder.read(texts);
        mesh.diagnostics().stream()
                .filter(finding -> finding.severity() != Severity.INFO)
                .forEach(finding -> spec.commandLine().getErr().println(finding));
        Proxy proxy = proxy(mesh.snapshot());
        EnvoyResources resources = Translator.translate(mesh.snapshot(), ProxyView.of(proxy, mesh.snapshot()));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("listeners", json(resources.listeners()));
        tree.put("routes", json(resources.routes()));
        tree.put("clusters", json(resources.clusters()));
        tree.put("endpoints", json(resources.endpoints()));
        // Secrets come from Citadel, to the proxy that proves its identity: Pilot sends none.
        tree.put("secrets", List.of());
        if (output.yaml()) {
            spec.commandLine().getOut().print(OutputOption.yamlOf(tree));
            spec.commandLine().getOut().flush();
        } else {
            output.printJson(spec, tree);
        }
        return mesh.hasErrors() ? ExitCode.NO : ExitCode.DONE;
    }

    private Proxy proxy(MeshSnapshot snapshot) {
        String[] parts = proxyId.split("~", -1);
        String pod = parts.length > 2 ? parts[2] : "";
        int dot = pod.lastIndexOf('.');
        Optional<Workload> workload =
                dot < 0 ? Optional.empty() : snapshot.workload(pod.substring(dot + 1), pod.substring(0, dot));
        Map<String, String> all =
                new TreeMap<>(workload.map(Workload::getLabelsMap).orElse(Map.of()));
        all.putAll(labels);
        String account = serviceAccount.isEmpty()
                ? workload.map(Workload::getServiceAccount).orElse("default")
                : serviceAccount;
        if (workload.isEmpty() && labels.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("no pod " + pod + " in the manifests, and no --labels: it is in no service");
        }
        Struct.Builder labelStruct = Struct.newBuilder();
        all.forEach((key, value) -> labelStruct.putFields(
                key, Value.newBuilder().setStringValue(value).build()));
        Node node = Node.newBuilder()
                .setId(proxyId)
                .setMetadata(Struct.newBuilder()
                        .putFields(
                                "LABELS",
                                Value.newBuilder().setStructValue(labelStruct).build())
                        .putFields(
                                "SERVICE_ACCOUNT",
                                Value.newBuilder().setStringValue(account).build()))
                .build();
        return switch (Proxy.parse(node)) {
            case Proxy.Parsed.Accepted accepted -> accepted.proxy();
            case Proxy.Parsed.Refused refused -> throw CommandFailure.couldNotRun("--proxy: " + refused.message());
        };
    }

    private static List<Object> json(List<? extends Message> messages) {
        List<Object> trees = new ArrayList<>();
        for (Message message : messages) {
            try {
                trees.add(JSON.readValue(EnvoyTypes.json(message), Object.class));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
        return trees;
    }
}
