package io.flotilla.config.yaml;

import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/** What a plain scalar means: the core schema of YAML 1.2, and the octal numbers of 1.1. */
final class ScalarType {
    private static final Pattern NUMBER = Pattern.compile(
            "[-+]?(?:[0-9][0-9_]*|0o[0-7]+|0x[0-9a-fA-F]+|(?:[0-9]*\\.[0-9]+|[0-9]+\\.[0-9]*)(?:[eE][-+]?[0-9]+)?"
                    + "|[0-9]+[eE][-+]?[0-9]+)|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

    private ScalarType() {}

    // Most scalars are words: the expression need not look at them.
    private static boolean beginsNumber(char first) {
        return (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
    }

    static YamlNode resolve(ScalarEvent scalar, int line) {
        String value = scalar.getValue();
        boolean forcedText = scalar.getTag()
                .map(tag -> tag.equals("!") || tag.endsWith(":str"))
                .orElse(false);
        if (!scalar.isPlain() || forcedText) {
            return new YamlNode.Text(value, false, line);
        }
        return plain(value, line);
    }

    /** What a scalar without quotes and tags means. */
    static YamlNode plain(String value, int line) {
        return switch (value) {
            case "", "~", "null", "Null", "NULL" -> new YamlNode.Null(line);
            case "true", "True", "TRUE" -> new YamlNode.Bool(true, line);
            case "false", "False", "FALSE" -> new YamlNode.Bool(false, line);
            default ->
                beginsNumber(value.charAt(0)) && NUMBER.matcher(value).matches()
                        ? new YamlNode.Numeric(value, line)
                        : new YamlNode.Text(value, true, line);
        };
    }
}
