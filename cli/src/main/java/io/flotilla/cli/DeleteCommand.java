package io.flotilla.cli;

import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.KindCatalog;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.mesh.state.ConfigFolder;
import io.flotilla.mesh.state.MeshPort;
import io.flotilla.mesh.state.ObjectText;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "delete",
        description = "Takes objects out of the local mesh; exit 1 where one was not there.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla delete virtualservice reviews",
            "  flotilla delete -f samples/bookinfo/networking/virtual-service-all-v1.yaml"
        })
final class DeleteCommand implements Callable<Integer> {
    private static final int MANY = 10;
    private static final Duration CONFIRM_WITHIN = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** Istio 1.1 comes with it, and old instructions begin with deleting it; here its meaning holds without it. */
    private static final ObjectKey ASSUMED = ObjectKey.of(Kind.MESH_POLICY, "", "default");

    @Parameters(paramLabel = "KIND NAME", arity = "0..*", description = "A kind and the names of objects.")
    private List<String> words = new ArrayList<>();

    @Mixin
    private FileArguments files;

    @Mixin
    private MeshOption mesh;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "The objects' namespace (default: ${DEFAULT-VALUE}).")
    private String namespace;

    @Option(names = "--ignore-not-found", description = "Exit 0 also where an object was not there.")
    private boolean ignoreNotFound;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ConfigFolder folder = new ConfigFolder(mesh.existing().config());
        int exit = ExitCode.DONE;
        int gone = 0;
        for (ObjectKey key : keys()) {
            boolean removed = folder.remove(key);
            gone += removed ? 1 : 0;
            boolean assumed = !removed && key.equals(ASSUMED);
            spec.commandLine().getOut().println(ApplyCommand.display(key) + said(key, removed, assumed));
            exit = removed || assumed || ignoreNotFound ? exit : ExitCode.NO;
        }
        if (gone >= MANY) {
            confirm();
        }
        return exit;
    }

    private static String said(ObjectKey key, boolean removed, boolean assumed) {
        if (removed) {
            return " deleted";
        }
        return assumed
                ? " is not there: without one servers take plaintext and mutual TLS, and so they do"
                : " not found" + in(key.namespace());
    }

    private static String in(String namespace) {
        return namespace.isEmpty() ? "" : " in namespace " + namespace;
    }

    /** So many at once Galley may keep back for a while; who types this command means it. */
    private void confirm() {
        long end = System.nanoTime() + CONFIRM_WITHIN.toNanos();
        while (System.nanoTime() < end) {
            try {
                new ManagementClient("galley", mesh.spec().port(MeshPort.GALLEY_MANAGEMENT))
                        .post("/debug/held/confirm?source=directory");
                return;
            } catch (CommandFailure e) {
                // Nothing is kept back, or not yet, or Galley is away and will find them gone.
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private List<ObjectKey> keys() {
        if (files.given()) {
            ReadOptions options = new ReadOptions(namespace, false);
            return files.read().stream()
                    .flatMap(file -> ObjectText.of(file.name(), file.content(), options).stream())
                    .map(text -> text.object().config().key())
                    .toList();
        }
        if (words.size() < 2) {
            throw CommandFailure.couldNotRun(
                    "say what to delete: flotilla delete KIND NAME, or flotilla delete -f FILE");
        }
        Kind kind = KindNames.kind(words.getFirst());
        boolean namespaced = KindCatalog.find(kind).orElseThrow().namespaced();
        return words.stream()
                .skip(1)
                .map(name -> ObjectKey.of(kind, namespaced ? namespace : "", name))
                .toList();
    }
}
