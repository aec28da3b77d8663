package io.flotilla.cli;

import io.flotilla.injection.InjectionSettings;
import io.flotilla.injection.KubeInject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "kube-inject",
        description = "Adds the sidecar to the pods of manifests; other documents stay as they are.",
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
            defaultValue = "default",
            description = "Namespace of objects that name none (default: ${DEFAULT-VALUE}).")
    private String namespace;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        KubeInject injection = KubeInject.requested(InjectionSettings.defaults(), namespace);
        StringBuilder injected = new StringBuilder();
        boolean failed = false;
        for (FileArguments.Text file : files.read()) {
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

    private static void separate(StringBuilder documents) {
        if (!documents.isEmpty()) {
            documents.append(documents.charAt(documents.length() - 1) == '\n' ? "---\n" : "\n---\n");
        }
    }
}
