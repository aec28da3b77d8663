package io.flotilla.cli;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.model.Config;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedObject;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.envoy.bootstrap.MeshProxies;
import io.flotilla.injection.InjectionSettings;
import io.flotilla.injection.KubeInject;
import io.flotilla.injection.MeshText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "kube-inject",
        description =
                "Adds the sidecar to the pods of manifests; other documents stay as they are. What the mesh says of"
                        + " proxies is taken from the same manifests: its ConfigMap, ProxyConfigs, and EnvoyFilters of bootstraps.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla kube-inject -f deployment.yaml | kubectl apply -f -",
            "  flotilla kube-inject -f deployment.yaml -o injected.yaml"
        })
final class KubeInjectCommand implements Callable<Integer> {
    @Mixin
    private FileArguments files;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write there instead of to standard output.")
    private @Nullable Path output;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Namespace of objects that name none (default: ${DEFAULT-VALUE}).")
    private String namespace;

    @Option(
            names = {"--meshConfigFile", "--mesh-config-file"},
            paramLabel = "FILE",
            description = "MeshConfig, instead of what a ConfigMap among the manifests says.")
    private @Nullable Path meshConfigFile;

    @Option(
            names = {"-i", "--istioNamespace"},
            defaultValue = "istio-system",
            description = "The mesh's namespace, where its ConfigMap stands (default: ${DEFAULT-VALUE}).")
    private String meshNamespace;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<FileArguments.Text> texts = files.read();
        KubeInject injection = KubeInject.requested(InjectionSettings.defaults(), proxies(texts), namespace);
        StringBuilder injected = new StringBuilder();
        boolean failed = false;
        for (FileArguments.Text file : texts) {
            KubeInject.Result result = injection.inject(file.content());
            result.notes().forEach(note -> spec.commandLine().getErr().println(file.name() + ": " + note));
            result.problems()
                    .forEach(problem -> spec.commandLine().getErr().println(file.name() + ": error: " + problem));
            failed |= !result.problems().isEmpty();
            separate(injected);
            injected.append(result.yaml());
        }
        if (output == null) {
            spec.commandLine().getOut().print(injected);
            spec.commandLine().getOut().flush();
        } else {
            Files.writeString(output, injected);
        }
        return failed ? ExitCode.NO : ExitCode.DONE;
    }

    private MeshProxies proxies(List<FileArguments.Text> texts) throws IOException {
        ObjectReader reader = new ObjectReader(new ReadOptions(namespace, false));
        List<Config<?>> objects = new ArrayList<>();
        for (FileArguments.Text file : texts) {
            for (ParsedObject object : reader.read(file.name(), file.content()).objects()) {
                if (object.valid()) {
                    objects.add(object.config());
                }
            }
        }
        MeshProxies proxies = MeshProxies.ofManifests(objects, meshNamespace, MeshConfig.getDefaultInstance());
        if (meshConfigFile == null) {
            return proxies;
        }
        if (!Files.isReadable(meshConfigFile)) {
            throw CommandFailure.couldNotRun("there is no file " + meshConfigFile);
        }
        MeshText mesh = MeshText.of(Files.readString(meshConfigFile));
        if (!mesh.problems().isEmpty()) {
            throw CommandFailure.couldNotRun(
                    meshConfigFile + ": " + mesh.problems().getFirst());
        }
        return proxies.with(mesh.mesh());
    }

    private static void separate(StringBuilder documents) {
        if (!documents.isEmpty()) {
            documents.append(documents.charAt(documents.length() - 1) == '\n' ? "---\n" : "\n---\n");
        }
    }
}
