package io.flotilla.cli;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.mesh.state.ConfigFolder;
import io.flotilla.mesh.state.ObjectText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "apply",
        aliases = {"create", "replace"},
        description = "Puts objects into the local mesh. Nothing is changed if any of them has an error.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla apply -f samples/bookinfo/networking/virtual-service-all-v1.yaml",
            "  cat reviews.yaml | flotilla apply -f - -n shop"
        })
final class ApplyCommand implements Callable<Integer> {
    @Mixin
    private FileArguments files;

    @Mixin
    private MeshOption mesh;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Namespace of objects that name none (default: ${DEFAULT-VALUE}).")
    private String namespace;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ConfigFolder folder = new ConfigFolder(mesh.existing().config());
        ReadOptions options = new ReadOptions(namespace, false);
        List<ObjectText> objects = new ArrayList<>();
        boolean bad = false;
        for (FileArguments.Text file : files.read()) {
            List<Diagnostic> findings =
                    ValidateCommand.findings(new ObjectReader(options).read(file.name(), file.content()));
            findings.stream()
                    .filter(finding -> finding.severity() != Severity.INFO)
                    .forEach(finding -> spec.commandLine().getErr().println(finding));
            bad |= findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
            if (!bad) {
                objects.addAll(ObjectText.of(file.name(), file.content(), options));
            }
        }
        if (bad) {
            throw CommandFailure.no("nothing was applied");
        }
        for (ObjectText object : objects) {
            ConfigFolder.Change change = folder.put(object);
            spec.commandLine()
                    .getOut()
                    .println(display(object.object().config().key()) + " "
                            + change.name().toLowerCase(Locale.ROOT));
        }
        return ExitCode.DONE;
    }

    /** "virtualservice.networking.istio.io/reviews", as kubectl names objects. */
    static String display(ObjectKey key) {
        String group = key.kind().group().isEmpty() ? "" : "." + key.kind().group();
        return key.kind().name().toLowerCase(Locale.ROOT) + group + "/" + key.name();
    }
}
