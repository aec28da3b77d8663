package io.flotilla.cli;

import io.flotilla.mesh.envoy.EnvoyBinary;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "envoy-path",
        description = "Prints where the Envoy binary is, installing the pinned one if there is none.",
        mixinStandardHelpOptions = true,
        hidden = true)
final class EnvoyPathCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(envoy(spec));
        return ExitCode.DONE;
    }

    /** The Envoy that this machine uses; progress of an installation goes to standard error. */
    static Path envoy(CommandSpec spec) {
        try {
            return EnvoyBinary.find(
                    System.getenv(), message -> spec.commandLine().getErr().println(message));
        } catch (java.io.IOException e) {
            throw CommandFailure.couldNotRun(String.valueOf(e.getMessage()));
        }
    }
}
