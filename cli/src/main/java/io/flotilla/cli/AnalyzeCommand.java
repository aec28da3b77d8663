package io.flotilla.cli;

import io.flotilla.config.analysis.AnalysisInput;
import io.flotilla.config.analysis.AnalysisOptions;
import io.flotilla.config.analysis.Analyzer;
import io.flotilla.config.analysis.Suppression;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.store.MeshFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "analyze",
        description = {
            "Validation across objects: references, conflicts, rules that never apply. One line per finding,",
            "exit 1 if any is an error. Without files, the objects of the local mesh are analysed."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla analyze -f samples/bookinfo/kube -f reviews.yaml",
            "  flotilla analyze -A -o json",
            "  flotilla analyze -f . --suppress \"FA0308=DestinationRule *.default\" --failure-threshold warning",
            "  flotilla analyze --list",
            "  flotilla analyze --explain IST0113"
        })
final class AnalyzeCommand implements Callable<Integer> {
    @Mixin
    private FileArguments files;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "The same as -f.")
    private List<String> more = new ArrayList<>();

    @Mixin
    private MeshOption mesh;

    @Mixin
    private OutputOption output;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Show findings of this namespace; objects that name none belong to it.")
    private @Nullable String namespace;

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Show findings of all namespaces, also where -n is given.")
    private boolean allNamespaces;

    @Option(
            names = {"-S", "--suppress"},
            paramLabel = "CODE=KIND NAME.NAMESPACE",
            description = "Leave out findings with this code about this object; * stands for any text. Repeatable.")
    private List<String> suppress = new ArrayList<>();

    @Option(
            names = "--failure-threshold",
            paramLabel = "SEVERITY",
            defaultValue = "error",
            description = "Exit 1 from this severity on: error, warning or info (default: ${DEFAULT-VALUE}).")
    private String failureThreshold;

    @Option(
            names = "--output-threshold",
            paramLabel = "SEVERITY",
            defaultValue = "info",
            description = "Show findings from this severity on (default: ${DEFAULT-VALUE}).")
    private String outputThreshold;

    @Option(
            names = "--compatibility",
            paramLabel = "1.1",
            defaultValue = "${env:FLOTILLA_COMPATIBILITY:-}",
            description = "Judge by the rules of Istio 1.1.")
    private String compatibility;

    @Option(
            names = {"-L", "--list", "--list-analyzers"},
            description = "List all codes; with -o json also what they mean.")
    private boolean list;

    @Option(
            names = "--explain",
            paramLabel = "CODE",
            description = "What a code means, of ours (FA0101), of Istio (IST0101) or of Kiali (KIA1101).")
    private @Nullable String explain;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        output.allow("json");
        if (list) {
            CatalogueText.list(spec, output);
            return ExitCode.DONE;
        }
        if (explain != null) {
            return CatalogueText.explain(spec, output, explain);
        }
        Severity failing = severity("--failure-threshold", failureThreshold);
        Severity shown = severity("--output-threshold", outputThreshold);
        List<Diagnostic> findings = analyze().stream().filter(this::inNamespace).toList();
        print(findings.stream().filter(each -> atLeast(each, shown)).toList());
        return findings.stream().anyMatch(each -> atLeast(each, failing)) ? ExitCode.NO : ExitCode.DONE;
    }

    private List<Diagnostic> analyze() throws IOException {
        Map<String, String> own = texts();
        // Of the mesh's own gateways and pods nothing is told, but routes and gateways may name them.
        Map<String, String> others =
                files.given() ? Map.of() : MeshSource.texts(mesh.existing().runtime());
        Map<String, String> texts = new TreeMap<>(others);
        texts.putAll(own);
        MeshFolder.Options defaults = MeshFolder.Options.defaults();
        ReadOptions read = new ReadOptions(namespace == null ? "default" : namespace, compatibility.equals("1.1"));
        MeshFolder folder = MeshFolder.read(
                texts, new MeshFolder.Options(read, defaults.settings(), defaults.addresses(), defaults.admission()));
        List<Diagnostic> found = Analyzer.analyze(
                AnalysisInput.folder(folder, texts),
                new AnalysisOptions(AnalysisOptions.DEFAULT.limitPerCode(), suppressions()));
        // What is wrong with one object alone is told too, first.
        return Stream.concat(folder.diagnostics().stream(), found.stream())
                .filter(finding -> own.containsKey(finding.origin().file())
                        || !others.containsKey(finding.origin().file()))
                .toList();
    }

    private Map<String, String> texts() throws IOException {
        files.add(more);
        if (!files.given()) {
            return MeshSource.texts(mesh.existing().config());
        }
        Map<String, String> texts = new TreeMap<>();
        files.read().forEach(file -> texts.put(file.name(), file.content()));
        return texts;
    }

    private List<Suppression> suppressions() {
        return suppress.stream()
                .map(
                        each -> Suppression.parse(each)
                                .orElseThrow(
                                        () -> CommandFailure.couldNotRun(
                                                "--suppress \"" + each
                                                        + "\" is not of the form CODE=KIND NAME.NAMESPACE, like FA0308=DestinationRule *.default")))
                .toList();
    }

    private boolean inNamespace(Diagnostic finding) {
        if (namespace == null || allNamespaces) {
            return true;
        }
        String name = finding.object().substring(finding.object().indexOf(' ') + 1);
        int slash = name.indexOf('/');
        return slash < 0 || name.substring(0, slash).equals(namespace);
    }

    private void print(List<Diagnostic> findings) {
        if (output.json()) {
            output.printJson(spec, findings.stream().map(CatalogueText::json).toList());
            return;
        }
        findings.forEach(each -> spec.commandLine().getOut().println(each + " [" + each.code() + "]"));
        long errors =
                findings.stream().filter(each -> atLeast(each, Severity.ERROR)).count();
        spec.commandLine().getErr().println(Counted.findings(errors, findings.size()));
    }

    private static boolean atLeast(Diagnostic finding, Severity least) {
        return finding.severity().compareTo(least) <= 0;
    }

    private static Severity severity(String option, String text) {
        for (Severity severity : Severity.values()) {
            if (severity.name().equalsIgnoreCase(text)) {
                return severity;
            }
        }
        throw CommandFailure.couldNotRun(option + " \"" + text + "\" is not error, warning or info");
    }
}
