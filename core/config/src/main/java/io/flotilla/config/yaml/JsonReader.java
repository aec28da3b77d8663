package io.flotilla.config.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON without characters beyond ASCII and without {@code \\u}: what an API server tells, nearly always. */
final class JsonReader extends QuickReader {
    private int at;
    private int line;

    JsonReader(String text, int firstLine, YamlLimits limits, WordPool words) {
        super(text, limits, words);
        this.line = firstLine;
    }

    YamlNode document() {
        YamlNode root = value(1);
        space();
        if (at < length) {
            throw new GivesUp();
        }
        return root;
    }

    private YamlNode value(int depth) {
        space();
        count(depth);
        return switch (peek()) {
            case '{' -> mapping(depth);
            case '[' -> sequence(depth);
            case '"' -> new YamlNode.Text(string(), false, line);
            default -> word();
        };
    }

    private YamlNode mapping(int depth) {
        int begin = line;
        at++;
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        if (!closes('}')) {
            do {
                space();
                int keyLine = line;
                count(depth + 1);
                String key = string();
                // The library wants a key and its colon in one line.
                if (peek() != ':') {
                    throw new GivesUp();
                }
                at++;
                put(entries, key, keyLine, value(depth + 1));
            } while (more('}'));
        }
        return new YamlNode.Mapping(entries, begin);
    }

    private YamlNode sequence(int depth) {
        int begin = line;
        at++;
        List<YamlNode> items = new ArrayList<>();
        if (!closes(']')) {
            do {
                items.add(value(depth + 1));
            } while (more(']'));
        }
        return new YamlNode.Sequence(items, begin);
    }

    private boolean closes(char end) {
        space();
        if (peek() != end) {
            return false;
        }
        at++;
        return true;
    }

    private boolean more(char end) {
        if (closes(end)) {
            return false;
        }
        if (peek() != ',') {
            throw new GivesUp();
        }
        at++;
        return true;
    }

    private String string() {
        if (peek() != '"') {
            throw new GivesUp();
        }
        int begin = ++at;
        while (at < length) {
            char c = text.charAt(at);
            if (c == '"') {
                return words.word(text, begin, at++);
            }
            if (c == '\\') {
                return escaped(begin);
            }
            check(c);
            at++;
        }
        throw new GivesUp();
    }

    private String escaped(int begin) {
        StringBuilder content = new StringBuilder().append(text, begin, at);
        while (at < length) {
            char c = text.charAt(at++);
            if (c == '"') {
                return content.toString();
            }
            check(c);
            content.append(c == '\\' ? meant(peek()) : c);
            if (c == '\\') {
                at++;
            }
        }
        throw new GivesUp();
    }

    private static char meant(char escape) {
        return switch (escape) {
            case '"', '\\', '/' -> escape;
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> throw new GivesUp();
        };
    }

    /** A number, true, false or null. */
    private YamlNode word() {
        int begin = at;
        while (at < length && isWord(text.charAt(at))) {
            at++;
        }
        YamlNode node = ScalarType.plain(words.word(text, begin, at), line);
        if (at == begin || node instanceof YamlNode.Text) {
            throw new GivesUp();
        }
        return node;
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'E';
    }

    private static void check(char c) {
        if (c < ' ' || c > '~') {
            throw new GivesUp();
        }
    }

    private char peek() {
        if (at >= length) {
            throw new GivesUp();
        }
        return text.charAt(at);
    }

    private void space() {
        while (at < length) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
            } else if (c != ' ') {
                return;
            }
            at++;
        }
    }
}
