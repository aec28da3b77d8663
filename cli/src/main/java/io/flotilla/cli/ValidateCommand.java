package io.flotilla.cli;

import io.flotilla.config.gatewayapi.GatewayTranslation;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedFile;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.store.MeshFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "validate",
        description = "Checks manifests: one line per finding, exit 1 if any is an error.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla validate -f samples/bookinfo/networking",
            "  kubectl get vs -o yaml | flotilla validate -f -",
            "  flotilla validate -f reviews.yaml -o json"
        })
final class ValidateCommand implements Callable<Integer> {
    @Mixin
    private FileArguments files;

    @Mixin
    private OutputOption output;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Namespace of objects that name none (default: ${DEFAULT-VALUE}).")
    private String namespace;

    @Option(
            names = "--compatibility",
            paramLabel = "1.1",
            defaultValue = "${env:FLOTILLA_COMPATIBILITY:-}",
            description = "Judge by the rules of Istio 1.1.")
    private String compatibility;

    @Parameters(hidden = true, arity = "0..*")
    private List<String> unexpected = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!unexpected.isEmpty()) {
            throw CommandFailure.couldNotRun("name files with -f: flotilla validate -f " + unexpected.getFirst());
        }
        ReadOptions options = new ReadOptions(namespace, compatibility.equals("1.1"));
        List<Diagnostic> findings = new ArrayList<>();
        int objects = 0;
        Map<String, String> texts = new TreeMap<>();
        for (FileArguments.Text file : files.read()) {
            texts.put(file.name(), file.content());
            ParsedFile parsed = new ObjectReader(options).read(file.name(), file.content());
            objects += parsed.objects().size();
            findings.addAll(findings(parsed));
        }
        findings.addAll(claims(texts, options));
        print(findings, objects);
        boolean bad = findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
        return bad ? ExitCode.NO : ExitCode.DONE;
    }

    /** What claims of hosts have to say, where MeshConfig among the files asks for them. */
    private static List<Diagnostic> claims(Map<String, String> texts, ReadOptions options) {
        if (texts.values().stream().noneMatch(text -> text.contains("ownership"))) {
            return List.of();
        }
        MeshFolder.Options defaults = MeshFolder.Options.defaults();
        MeshFolder folder = MeshFolder.read(
                texts,
                new MeshFolder.Options(options, defaults.settings(), defaults.addresses(), defaults.admission()));
        return folder.diagnostics().stream()
                .filter(found ->
                        found.code().startsWith("FL069") || found.message().contains(GatewayTranslation.HOST_CLAIMED))
                .toList();
    }

    /** Everything that was found in a file, in the order of its lines. */
    static List<Diagnostic> findings(ParsedFile parsed) {
        return Stream.concat(
                        parsed.problems().stream(),
                        parsed.objects().stream().flatMap(object -> object.problems().stream()))
                .sorted(java.util.Comparator.comparingInt(
                        finding -> finding.origin().line()))
                .toList();
    }

    private void print(List<Diagnostic> findings, int objects) {
        if (output.json()) {
            output.printJson(spec, findings.stream().map(ValidateCommand::json).toList());
            return;
        }
        findings.forEach(finding -> spec.commandLine().getOut().println(finding));
        long errors = findings.stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .count();
        spec.commandLine()
                .getErr()
                .println(Counted.text(objects, "object") + ", " + Counted.findings(errors, findings.size()));
    }

    /** One finding; fields are only ever added. */
    static Map<String, Object> json(Diagnostic finding) {
        Map<String, Object> json = new TreeMap<>();
        json.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        json.put("code", finding.code());
        json.put("file", finding.origin().file());
        json.put("line", finding.origin().line());
        json.put("object", finding.object());
        json.put("path", finding.path());
        json.put("message", finding.message());
        return json;
    }
}
