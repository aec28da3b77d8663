package io.flotilla.cli;

import picocli.CommandLine.Command;

/** Who may call what. */
@Command(
        name = "authz",
        description = "Who may call what, and which line of which policy says so.",
        mixinStandardHelpOptions = true,
        subcommands = {AuthzCheckCommand.class, AuthzCanCommand.class, AuthzReplayCommand.class})
final class AuthzCommand extends CommandGroup {}
