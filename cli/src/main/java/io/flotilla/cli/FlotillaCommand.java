package io.flotilla.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@Command(
        name = "flotilla",
        description = "A service mesh control plane: runs it, steers it, explains it.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla up                     the mesh with bookinfo on this machine",
            "  flotilla status                 what runs, what is ready, what is in sync",
            "  flotilla apply -f reviews.yaml  change its configuration",
            "  flotilla COMMAND --help         options and examples of a command"
        },
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            DashboardCommand.class,
            LogsCommand.class,
            ExecCommand.class,
            SuperviseCommand.class,
            ApplyCommand.class,
            DeleteCommand.class,
            GetCommand.class,
            ConfigCommand.class,
            RegisterCommand.class,
            DeregisterCommand.class,
            ValidateCommand.class,
            AnalyzeCommand.class,
            CompileCommand.class,
            ExplainCommand.class,
            KubeInjectCommand.class,
            ProxyStatusCommand.class,
            ProxyConfigCommand.class,
            RunCommand.class,
            ImagesCommand.class,
            TestCommand.class,
            EnvoyPathCommand.class,
            AuthnCommand.class,
            AuthzCommand.class,
            ExperimentalCommand.class,
            CaCommand.class,
            MtlsCommand.class,
            AuditCommand.class,
            VmCommand.class,
            PrecheckCommand.class,
            VersionCommand.class,
            HelpCommand.class
        })
final class FlotillaCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("UnusedVariable") // picocli sets it; Main asks the parse result
    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "With a failure, print the stack trace too.")
    private boolean debug;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.COULD_NOT_RUN;
    }
}
