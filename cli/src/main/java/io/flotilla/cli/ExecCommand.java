package io.flotilla.cli;

import io.flotilla.mesh.pod.PodEntry;
import io.flotilla.mesh.status.MeshStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "exec",
        description = "Runs a command in a pod's place, with an application's rights. Exits with its code.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla exec productpage-v1-0 -- curl -s http://reviews:9080/reviews/0"})
final class ExecCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "POD", description = "NAME, NAMESPACE/NAME or NAME.NAMESPACE.")
    private String pod;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "The command, after \"--\".")
    private List<String> command = new ArrayList<>();

    /** All containers of a pod share one place, so there is nothing to choose; accepted as kubectl has it. */
    @Option(
            names = {"-c", "--container"},
            paramLabel = "CONTAINER",
            description = "Accepted as kubectl has it; all containers of a pod share one place.")
    void container(String name) {
        if (name.isEmpty()) {
            throw CommandFailure.couldNotRun("-c takes the name of a container");
        }
    }

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "",
            description = "The pod's namespace (default: any).")
    private String namespace;

    @Mixin
    private MeshOption mesh;

    @Override
    public Integer call() throws IOException, InterruptedException {
        MeshStatus status = StatusCommand.read(mesh);
        String wanted = namespace.isEmpty() ? pod : namespace + "/" + pod;
        PodEntry entry = PodEntry.find(status, mesh.existing(), wanted)
                .orElseThrow(() -> CommandFailure.no("there is no running pod " + wanted));
        ProcessBuilder builder = new ProcessBuilder(entry.command(command)).inheritIO();
        builder.environment().putAll(entry.environment());
        return builder.start().waitFor();
    }
}
