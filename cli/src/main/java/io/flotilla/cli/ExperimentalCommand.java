package io.flotilla.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Where istioctl keeps commands that users type so. */
@Command(
        name = "experimental",
        aliases = {"x", "exp"},
        description = "The names under which istioctl has some of these commands.",
        mixinStandardHelpOptions = true,
        subcommands = {AuthzCommand.class, AuthnCommand.class})
final class ExperimentalCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.COULD_NOT_RUN;
    }
}
