package io.flotilla.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "version",
        description = "Prints the version of this command and what it runs on.",
        mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer>, IVersionProvider {
    /** The Envoy release that this version is tested with. */
    static final String ENVOY = "1.40.0";

    static final String VERSION = "0.1.0";

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        output.allow("json");
        String java = Runtime.version().toString();
        if (output.json()) {
            output.printJson(spec, Map.of("flotilla", VERSION, "java", java, "envoy", ENVOY));
        } else {
            spec.commandLine()
                    .getOut()
                    .println("flotilla " + VERSION + " (Java " + java + ", for Envoy " + ENVOY + ")");
        }
        return ExitCode.DONE;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"flotilla " + VERSION};
    }
}
