package io.flotilla.config.yaml;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Trees as text: YAML in blocks, or JSON in one line. {@link YamlReader} reads both back as the same tree. */
public final class YamlWriter {
    /** Text that means itself without quotes, whoever reads it. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][-A-Za-z0-9_./]*");

    private static final Set<String> WORDS =
            Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity");
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    /** Block style, two spaces for each level, ending with a line feed. */
    public static String yaml(YamlNode node) {
        YamlWriter writer = new YamlWriter();
        writer.block(node, 0);
        return writer.out.toString();
    }

    public static String json(YamlNode node) {
        YamlWriter writer = new YamlWriter();
        writer.flow(node);
        return writer.out.toString();
    }

    /** A node that stands on lines of its own. */
    private void block(YamlNode node, int indent) {
        switch (node) {
            case YamlNode.Mapping mapping
            when !mapping.entries().isEmpty() ->
                mapping.entries().forEach((key, entry) -> {
                    indent(indent);
                    entry(key, entry.value(), indent);
                });
            case YamlNode.Sequence sequence
            when !sequence.items().isEmpty() ->
                sequence.items().forEach(item -> {
                    indent(indent);
                    item(item, indent);
                });
            default -> {
                indent(indent);
                flow(node);
                out.append('\n');
            }
        }
    }

    private void entry(String key, YamlNode value, int indent) {
        out.append(PLAIN.matcher(key).matches() && !isWord(key) ? key : quoted(key))
                .append(':');
        switch (value) {
            case YamlNode.Mapping mapping
            when !mapping.entries().isEmpty() -> {
                out.append('\n');
                block(value, indent + 1);
            }
            case YamlNode.Sequence sequence
            when !sequence.items().isEmpty() -> {
                out.append('\n');
                block(value, indent);
            }
            default -> {
                out.append(' ');
                leaf(value);
                out.append('\n');
            }
        }
    }

    /** "- " and what follows it; the first entry of a mapping stands on the same line. */
    private void item(YamlNode item, int indent) {
        out.append("- ");
        if (item instanceof YamlNode.Mapping mapping && !mapping.entries().isEmpty()) {
            boolean first = true;
            for (Map.Entry<String, YamlNode.Entry> entry : mapping.entries().entrySet()) {
                if (!first) {
                    indent(indent + 1);
                }
                first = false;
                entry(entry.getKey(), entry.getValue().value(), indent + 1);
            }
        } else if (item instanceof YamlNode.Sequence) {
            flow(item);
            out.append('\n');
        } else {
            leaf(item);
            out.append('\n');
        }
    }

    private void leaf(YamlNode node) {
        if (node instanceof YamlNode.Text text && PLAIN.matcher(text.value()).matches() && !isWord(text.value())) {
            out.append(text.value());
        } else {
            flow(node);
        }
    }

    private void flow(YamlNode node) {
        switch (node) {
            case YamlNode.Text text -> out.append(quoted(text.value()));
            case YamlNode.Numeric number -> out.append(number.value());
            case YamlNode.Bool bool -> out.append(bool.value());
            case YamlNode.Null ignored -> out.append("null");
            case YamlNode.Sequence sequence -> {
                String separator = "[";
                for (YamlNode item : sequence.items()) {
                    out.append(separator);
                    flow(item);
                    separator = ", ";
                }
                out.append(sequence.items().isEmpty() ? "[]" : "]");
            }
            case YamlNode.Mapping mapping -> {
                String separator = "{";
                for (Map.Entry<String, YamlNode.Entry> entry : mapping.entries().entrySet()) {
                    out.append(separator).append(quoted(entry.getKey())).append(": ");
                    flow(entry.getValue().value());
                    separator = ", ";
                }
                out.append(mapping.entries().isEmpty() ? "{}" : "}");
            }
        }
    }

    private void indent(int levels) {
        out.append("  ".repeat(levels));
    }

    private static boolean isWord(String text) {
        return WORDS.contains(text.toLowerCase(Locale.ROOT));
    }

    /** In quotes as JSON has them, which YAML reads alike. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    boolean printable =
                            (c >= ' ' && c < 0x7f) || (c >= 0xa0 && c < 0xfe00 && c != 0x2028 && c != 0x2029);
                    if (printable) {
                        quoted.append(c);
                    } else {
                        quoted.append("\\u");
                        for (int shift = 12; shift >= 0; shift -= 4) {
                            quoted.append(HEX.charAt(c >> shift & 0xf));
                        }
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
