package io.flotilla.cli;

import io.flotilla.config.analysis.AnalysisInput;
import io.flotilla.config.analysis.Analyzer;
import io.flotilla.config.analysis.classic.ClassicChecks;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.store.MeshFolder;
import io.flotilla.mesh.state.ConfigFolder;
import io.flotilla.mesh.state.ObjectText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
        List<FileArguments.Text> given = files.read();
        List<ObjectText> objects = new ArrayList<>();
        boolean bad = false;
        for (FileArguments.Text file : given) {
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
        unenforced(given, folder, options, objects)
                .forEach(finding -> spec.commandLine().getErr().println(finding + " [" + finding.code() + "]"));
        for (ObjectText object : objects) {
            ConfigFolder.Change change = folder.put(object);
            spec.commandLine()
                    .getOut()
                    .println(display(object.object().config().key()) + " "
                            + change.name().toLowerCase(Locale.ROOT));
        }
        return ExitCode.DONE;
    }

    /** Which rules of Mixer in these files are kept and not carried out; their handlers may be in the mesh already. */
    private static List<Diagnostic> unenforced(
            List<FileArguments.Text> files, ConfigFolder folder, ReadOptions options, List<ObjectText> objects)
            throws IOException {
        Set<ObjectKey> keys =
                objects.stream().map(each -> each.object().config().key()).collect(Collectors.toSet());
        if (keys.stream().noneMatch(key -> key.kind().equals(Kind.mixer("rule")))) {
            return List.of();
        }
        Map<String, String> texts = new TreeMap<>();
        folder.objects().forEach((key, text) -> {
            if (!keys.contains(key)) {
                texts.put(key.toString(), text.yaml());
            }
        });
        files.forEach(file -> texts.put(file.name(), file.content()));
        MeshFolder.Options defaults = MeshFolder.Options.defaults();
        MeshFolder next = MeshFolder.read(
                texts,
                new MeshFolder.Options(options, defaults.settings(), defaults.addresses(), defaults.admission()));
        return Analyzer.analyze(AnalysisInput.folder(next, texts)).stream()
                .filter(finding -> finding.code().equals(ClassicChecks.UNENFORCED)
                        && files.stream()
                                .anyMatch(file ->
                                        file.name().equals(finding.origin().file())))
                .toList();
    }

    /** "virtualservice.networking.istio.io/reviews", as kubectl names objects. */
    static String display(ObjectKey key) {
        String group = key.kind().group().isEmpty() ? "" : "." + key.kind().group();
        return key.kind().name().toLowerCase(Locale.ROOT) + group + "/" + key.name();
    }
}
