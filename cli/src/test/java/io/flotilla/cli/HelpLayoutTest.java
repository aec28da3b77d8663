package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HelpLayoutTest {
    @Test
    void everyExampleStandsInOneLine() {
        List<CommandLine> all = commands(Main.commandLine(), new ArrayList<>());

        assertThat(all).hasSizeGreaterThan(30).allSatisfy(command -> {
            List<String> lines = command.getUsageMessage().lines().toList();
            for (String example : command.getCommandSpec().usageMessage().footer()) {
                assertThat(lines).contains(String.format(example));
            }
        });
    }

    @Test
    void aDescriptionIsAParagraph() {
        CommandLine explain =
                Objects.requireNonNull(Main.commandLine().getSubcommands().get("explain"));

        assertThat(explain.getCommandSpec().usageMessage().description()).hasSize(1);
        assertThat(explain.getUsageMessage())
                .contains("The way of one request, step by step, each with the object and line that")
                .contains("decided it: through the caller's proxy, and what the servers' policies");
    }

    private static List<CommandLine> commands(CommandLine line, List<CommandLine> found) {
        found.add(line);
        line.getSubcommands().values().forEach(each -> commands(each, found));
        return found;
    }
}
