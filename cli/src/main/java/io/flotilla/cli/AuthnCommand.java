package io.flotilla.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Who is believed to be whom. */
@Command(
        name = "authn",
        description = "Whether clients and servers agree about mutual TLS.",
        mixinStandardHelpOptions = true,
        subcommands = TlsCheckCommand.class)
final class AuthnCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.COULD_NOT_RUN;
    }
}
