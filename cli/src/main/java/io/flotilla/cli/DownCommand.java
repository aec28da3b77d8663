package io.flotilla.cli;

import io.flotilla.mesh.Teardown;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "down",
        description = "Stops a local mesh, also one whose launcher was killed, and leaves only its logs.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla down", "  flotilla down --name two"})
final class DownCommand implements Callable<Integer> {
    @Mixin
    private MeshOption mesh;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        StateFolder state = mesh.folder();
        boolean ran = Teardown.end(state);
        boolean there = Files.exists(state.meshFile());
        state.retire();
        spec.commandLine()
                .getErr()
                .println(
                        ran || there
                                ? "flotilla: mesh \"" + mesh.name() + "\" is down"
                                : "flotilla: there is no mesh \"" + mesh.name() + "\"");
        return ExitCode.DONE;
    }
}
