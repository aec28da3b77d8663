package io.flotilla.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.mesh.state.MeshPort;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What Galley does with configuration that it was told. */
@Command(
        name = "config",
        description = "Deletions that Galley keeps back because too many were told at once.",
        mixinStandardHelpOptions = true,
        subcommands = {ConfigCommand.Held.class, ConfigCommand.Confirm.class})
final class ConfigCommand extends CommandGroup {
    /** Which Galley is asked. */
    static final class GalleyOption {
        @Mixin
        private MeshOption mesh;

        @Option(
                names = "--galley-port",
                paramLabel = "PORT",
                description = "Another Galley, by its management port on this machine (a port-forward, say).")
        private int port;

        ManagementClient client() {
            return new ManagementClient("galley", port != 0 ? port : mesh.spec().port(MeshPort.GALLEY_MANAGEMENT));
        }
    }

    @Command(
            name = "held",
            description = "Lists deletions that are kept back; exit 1 where there are any.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  flotilla config held", "  flotilla config held --galley-port 15114 -o json"})
    static final class Held implements Callable<Integer> {
        @Mixin
        private GalleyOption galley;

        @Mixin
        private OutputOption output;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            output.allow("json", "wide");
            JsonNode held = galley.client().json("/debug/held").path("held");
            print(held, output, spec);
            return held.isEmpty() ? ExitCode.DONE : ExitCode.NO;
        }
    }

    @Command(
            name = "confirm",
            description = "Says that deletions that are kept back are meant: Galley carries them out within seconds."
                    + " Exit 1 where none wait.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  flotilla config confirm kubernetes virtualservices.networking.istio.io",
                "  flotilla config confirm directory"
            })
    static final class Confirm implements Callable<Integer> {
        @Parameters(
                index = "0",
                paramLabel = "SOURCE",
                description = "directory, kubernetes, consul or mcp, as \"flotilla config held\" names it.")
        private String source;

        @Parameters(
                index = "1",
                paramLabel = "OF",
                arity = "0..1",
                description = "A kind, directory or type, as \"flotilla config held\" names it; absent: all.")
        private @Nullable String of;

        @Mixin
        private GalleyOption galley;

        @Mixin
        private OutputOption output;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            output.allow("json", "wide");
            String path = "/debug/held/confirm?source=" + encoded(source) + (of == null ? "" : "&of=" + encoded(of));
            JsonNode confirmed = galley.client().post(path).path("confirmed");
            print(confirmed, output, spec);
            return ExitCode.DONE;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static void print(JsonNode all, OutputOption output, CommandSpec spec) {
        if (output.json()) {
            output.printJson(spec, all);
            return;
        }
        if (all.isEmpty()) {
            spec.commandLine().getErr().println("no deletions are kept back");
            return;
        }
        Table table = new Table("SOURCE", "OF", "DELETIONS", "SINCE");
        Table each = new Table("SOURCE", "OF", "NAME");
        all.forEach(held -> {
            table.row(
                    held.path("source").asText(),
                    held.path("of").asText(),
                    held.path("deletions").asText(),
                    held.path("since").asText());
            held.path("names")
                    .forEach(name -> each.row(
                            held.path("source").asText(), held.path("of").asText(), name.asText()));
        });
        spec.commandLine().getOut().print(output.wide() ? each : table);
        spec.commandLine().getOut().flush();
    }
}
