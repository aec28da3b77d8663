package io.flotilla.cli;

import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.KindCatalog;
import io.flotilla.config.yaml.PlainYaml;
import io.flotilla.mesh.state.ConfigFolder;
import io.flotilla.mesh.state.ObjectText;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "get",
        description = "Shows objects of the local mesh; exit 1 where the named one is not there.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla get virtualservices",
            "  flotilla get vs reviews -o yaml",
            "  flotilla get pods -A",
            "  flotilla get all -A -o wide",
            "  flotilla get vs reviews --live -o yaml"
        })
final class GetCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "KIND", description = "A kind, or all.")
    private String kind;

    @Parameters(index = "1", paramLabel = "NAME", arity = "0..1", description = "One object.")
    private @Nullable String name;

    @Mixin
    private MeshOption mesh;

    @Mixin
    private OutputOption output;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "The objects' namespace (default: ${DEFAULT-VALUE}).")
    private String namespace;

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Objects of all namespaces.")
    private boolean allNamespaces;

    @Mixin
    private LiveOption live;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        output.allow("json", "yaml", "wide");
        Optional<Kind> wanted = kind.equals("all") ? Optional.empty() : Optional.of(KindNames.kind(kind));
        if (live.given()) {
            return live(wanted);
        }
        StateFolder state = mesh.existing();
        Map<ObjectKey, ObjectText> objects = new TreeMap<>(new ConfigFolder(state.config()).objects());
        // What the supervisor says of pods and endpoints is newer than what a user may have written.
        objects.putAll(new ConfigFolder(state.runtime()).objects());
        List<ObjectText> found = objects.entrySet().stream()
                .filter(entry -> wanted(entry.getKey(), wanted))
                .map(Map.Entry::getValue)
                .toList();
        if (name != null && found.isEmpty()) {
            throw CommandFailure.no(kind + " \"" + name + "\" not found" + inNamespace());
        }
        print(found);
        return ExitCode.DONE;
    }

    /** What Galley has accepted and is in force, which may be less than what the folder holds. */
    private int live(Optional<Kind> wanted) {
        LiveObjects objects =
                new LiveObjects(live.galley(mesh), wanted.orElse(null), allNamespaces ? null : namespace, name);
        if (objects.isEmpty()) {
            String where = inNamespace();
            if (name != null) {
                throw CommandFailure.no(kind + " \"" + name + "\" is not in force" + where);
            }
            spec.commandLine().getErr().println("no objects in force" + where);
            return ExitCode.DONE;
        }
        objects.print(spec, output, name != null);
        return ExitCode.DONE;
    }

    private boolean wanted(ObjectKey key, Optional<Kind> only) {
        boolean there =
                allNamespaces || key.namespace().isEmpty() || key.namespace().equals(namespace);
        return there
                && only.map(key.kind()::equals).orElse(true)
                && (name == null || key.name().equals(name));
    }

    /** Where was looked; nothing of kinds that live in no namespace. */
    private String inNamespace() {
        boolean everywhere = allNamespaces
                || (!kind.equals("all")
                        && KindCatalog.find(KindNames.kind(kind))
                                .map(info -> !info.namespaced())
                                .orElse(false));
        return everywhere ? "" : " in namespace " + namespace;
    }

    private void print(List<ObjectText> found) {
        var out = spec.commandLine().getOut();
        if (output.json() || output.yaml()) {
            List<Object> trees = new ArrayList<>();
            found.forEach(text -> trees.add(PlainYaml.read(text.yaml())));
            Object tree = name != null
                    ? trees.getFirst()
                    : new java.util.LinkedHashMap<>(Map.of("apiVersion", "v1", "kind", "List", "items", trees));
            if (output.json()) {
                output.printJson(spec, tree);
            } else {
                out.print(OutputOption.yamlOf(tree));
                out.flush();
            }
        } else if (found.isEmpty()) {
            spec.commandLine().getErr().println("no objects found" + inNamespace());
        } else {
            out.print(table(found));
            out.flush();
        }
    }

    private String table(List<ObjectText> found) {
        Table table = output.wide()
                ? new Table("NAMESPACE", "KIND", "NAME", "VERSION", "FROM")
                : new Table("NAMESPACE", "KIND", "NAME");
        for (ObjectText text : found) {
            var config = text.object().config();
            ObjectKey key = config.key();
            if (output.wide()) {
                table.row(
                        key.namespace(),
                        key.kind().name(),
                        key.name(),
                        config.version(),
                        config.origin().toString());
            } else {
                table.row(key.namespace(), key.kind().name(), key.name());
            }
        }
        return table.toString();
    }
}
