package io.flotilla.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Who may call what. */
@Command(
        name = "authz",
        description = "Who may call what, and which line of which policy says so.",
        mixinStandardHelpOptions = true,
        subcommands = {AuthzCheckCommand.class, AuthzCanCommand.class, AuthzReplayCommand.class})
final class AuthzCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.COULD_NOT_RUN;
    }
}
