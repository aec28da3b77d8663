package io.flotilla.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** In which form a command prints its result. */
final class OutputOption {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "",
            description = "json, yaml, or wide where the command has it; without it, text for people.")
    private String format;

    boolean json() {
        return format.equals("json");
    }

    boolean yaml() {
        return format.equals("yaml");
    }

    boolean wide() {
        return format.equals("wide");
    }

    /** Refuses a format that a command does not have. */
    void allow(String... formats) {
        if (!format.isEmpty() && !java.util.List.of(formats).contains(format)) {
            throw CommandFailure.couldNotRun(
                    "-o " + format + " is not a format of this command; it has " + String.join(", ", formats));
        }
    }

    /** A tree of maps, lists and scalars as JSON. */
    void printJson(CommandSpec spec, Object tree) {
        try {
            spec.commandLine().getOut().println(JSON.writeValueAsString(tree));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A tree of maps, lists and scalars as block-style YAML. */
    static String yamlOf(Object tree) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setMultiLineFlow(false)
                .build();
        return new Dump(settings).dumpToString(tree);
    }
}
