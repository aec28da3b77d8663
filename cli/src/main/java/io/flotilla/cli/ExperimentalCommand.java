package io.flotilla.cli;

import picocli.CommandLine.Command;

/** Where istioctl keeps commands that users type so. */
@Command(
        name = "experimental",
        aliases = {"x", "exp"},
        description = "The names under which istioctl has some of these commands.",
        mixinStandardHelpOptions = true,
        subcommands = {AuthzCommand.class, AuthnCommand.class, PrecheckCommand.class})
final class ExperimentalCommand extends CommandGroup {}
