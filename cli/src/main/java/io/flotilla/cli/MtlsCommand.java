package io.flotilla.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Mutual TLS of the mesh. */
@Command(
        name = "mtls",
        description = "Mutual TLS: who still comes without it.",
        mixinStandardHelpOptions = true,
        subcommands = MtlsReadinessCommand.class)
final class MtlsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.COULD_NOT_RUN;
    }
}
