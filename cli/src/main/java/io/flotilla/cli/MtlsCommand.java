package io.flotilla.cli;

import picocli.CommandLine.Command;

/** Mutual TLS of the mesh. */
@Command(
        name = "mtls",
        description = "Mutual TLS: who still comes without it.",
        mixinStandardHelpOptions = true,
        subcommands = MtlsReadinessCommand.class)
final class MtlsCommand extends CommandGroup {}
