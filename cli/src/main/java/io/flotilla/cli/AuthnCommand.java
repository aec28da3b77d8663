package io.flotilla.cli;

import picocli.CommandLine.Command;

/** Who is believed to be whom. */
@Command(
        name = "authn",
        description = "Whether clients and servers agree about mutual TLS.",
        mixinStandardHelpOptions = true,
        subcommands = TlsCheckCommand.class)
final class AuthnCommand extends CommandGroup {}
