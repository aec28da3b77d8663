package io.flotilla.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * How help is laid out: descriptions are paragraphs that fill the terminal's width, and examples stand as they are
 * typed, whatever that width is, so that they can be copied.
 */
final class HelpLayout {
    private HelpLayout() {}

    /** Of this command and of all below it. */
    static void apply(CommandLine line) {
        UsageMessageSpec usage = line.getCommandSpec().usageMessage();
        usage.autoWidth(true);
        if (usage.description().length > 0) {
            usage.description(String.join(" ", usage.description()));
        }
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, help -> asTyped(usage.footer()));
        line.getSubcommands().values().forEach(HelpLayout::apply);
    }

    private static String asTyped(String[] lines) {
        StringBuilder text = new StringBuilder();
        for (String each : lines) {
            text.append(String.format(each)).append(System.lineSeparator());
        }
        return text.toString();
    }
}
