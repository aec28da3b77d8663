package io.flotilla.config.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Mappings and lists in lines, with plain and quoted values in the line of their key, or in braces and brackets that end
 * in the line where they begin: what people and programs write, without anchors, tags, texts over several lines, comments
 * behind values, and characters beyond ASCII.
 */
final class BlockReader extends QuickReader {
    private static final int NONE = -1;

    // The line that is looked at: where it is in the text, from its first to behind its last character that counts.
    private int begin;
    private int end;
    private int indent = NONE;
    private int line;
    private int next;

    BlockReader(String text, int firstLine, YamlLimits limits, WordPool words) {
        super(text, limits, words);
        this.line = firstLine - 1;
    }

    YamlNode document() {
        advance();
        if (indent == 0 && text.startsWith("---", begin)) {
            if (end - begin != 3) {
                throw new GivesUp();
            }
            advance();
        }
        // Where a document ends is told by the library.
        if (indent == NONE || isItem()) {
            throw new GivesUp();
        }
        YamlNode root = mapping(1);
        if (indent != NONE) {
            throw new GivesUp();
        }
        return root;
    }

    /** Goes to the next line that says something. */
    private void advance() {
        indent = NONE;
        while (next < length && indent == NONE) {
            line++;
            int from = next;
            int to = text.indexOf('\n', from);
            next = to < 0 ? length : to + 1;
            end = to < 0 ? length : to;
            begin = from;
            while (begin < end && text.charAt(begin) == ' ') {
                begin++;
            }
            if (begin < end && text.charAt(begin) != '#') {
                indent = begin - from;
            }
            check(begin);
        }
        while (indent != NONE && text.charAt(end - 1) == ' ') {
            end--;
        }
    }

    private void check(int from) {
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                throw new GivesUp();
            }
        }
    }

    private boolean isItem() {
        return text.charAt(begin) == '-' && (begin + 1 == end || text.charAt(begin + 1) == ' ');
    }

    /** The mapping whose first key stands at the beginning of what is left of this line. */
    private YamlNode mapping(int depth) {
        int column = indent;
        int first = line;
        count(depth);
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        do {
            int colon = colon();
            int keyLine = line;
            count(depth + 1);
            String key = key(words.word(text, begin, colon));
            begin = colon + 1;
            while (begin < end && text.charAt(begin) == ' ') {
                begin++;
            }
            put(entries, key, keyLine, begin < end ? scalar(depth + 1) : below(column, depth + 1));
        } while (indent == column && !isItem());
        return new YamlNode.Mapping(entries, first);
    }

    /** The value of a key that stands alone in its line. */
    private YamlNode below(int column, int depth) {
        advance();
        if (indent >= column && isItem()) {
            return sequence(depth);
        }
        if (indent > column) {
            return mapping(depth);
        }
        // Nothing, which is null; where it stands is told by the library.
        throw new GivesUp();
    }

    private YamlNode sequence(int depth) {
        int column = indent;
        int first = line;
        count(depth);
        List<YamlNode> items = new ArrayList<>();
        do {
            begin++;
            while (begin < end && text.charAt(begin) == ' ') {
                begin++;
            }
            if (begin == end || isItem()) {
                throw new GivesUp();
            }
            if (!isFlow(text.charAt(begin)) && isKeyed()) {
                indent = begin - lineBegin();
                items.add(mapping(depth + 1));
            } else {
                items.add(scalar(depth + 1));
            }
        } while (indent == column && isItem());
        if (indent > column) {
            throw new GivesUp();
        }
        return new YamlNode.Sequence(items, first);
    }

    private int lineBegin() {
        return text.lastIndexOf('\n', begin) + 1;
    }

    /** What is left of the line begins with a key. */
    private boolean isKeyed() {
        char c = text.charAt(begin);
        return c != '"' && c != '\'' && find(begin) != NONE;
    }

    /** The first colon that ends a key; none where the line has none. */
    private int find(int from) {
        for (int i = text.indexOf(':', from, end); i >= 0; i = text.indexOf(':', i + 1, end)) {
            if (i + 1 == end || text.charAt(i + 1) == ' ') {
                return i;
            }
        }
        return NONE;
    }

    private int colon() {
        int colon = find(begin);
        if (colon <= begin) {
            throw new GivesUp();
        }
        for (int i = begin; i < colon; i++) {
            char c = text.charAt(i);
            if (!isWord(c) && (c != '-' || i == begin)) {
                throw new GivesUp();
            }
        }
        return colon;
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '.'
                || c == '/';
    }

    private String key(String written) {
        // True, null and numbers have a text of their own.
        if (ScalarType.plain(written, line) instanceof YamlNode.Text) {
            return written;
        }
        throw new GivesUp();
    }

    // A deeper line behind it belongs to nothing, and so ends the reading.
    /** What is left of the line as a value; goes to the next line. */
    private YamlNode scalar(int depth) {
        count(depth);
        char first = text.charAt(begin);
        YamlNode value;
        if (isFlow(first)) {
            value = flow(depth);
            if (begin != end) {
                throw new GivesUp();
            }
        } else {
            value = first == '"' || first == '\'' ? quoted(first) : plain(first);
        }
        advance();
        return value;
    }

    private static boolean isFlow(char c) {
        return c == '{' || c == '[';
    }

    /** What is in braces or brackets here, without its own node; goes behind it. */
    private YamlNode flow(int depth) {
        boolean keyed = text.charAt(begin) == '{';
        char close = keyed ? '}' : ']';
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        List<YamlNode> items = new ArrayList<>();
        begin++;
        skip();
        boolean more = at() != close;
        while (more) {
            if (keyed) {
                String key = flowKey(depth + 1);
                put(entries, key, line, flowValue(depth + 1));
            } else {
                items.add(flowValue(depth + 1));
            }
            skip();
            more = at() == ',';
            if (more) {
                begin++;
                skip();
            }
        }
        if (at() != close) {
            throw new GivesUp();
        }
        begin++;
        return keyed ? new YamlNode.Mapping(entries, line) : new YamlNode.Sequence(items, line);
    }

    private void skip() {
        while (begin < end && text.charAt(begin) == ' ') {
            begin++;
        }
    }

    /** The character here; one that nothing begins with where the line has ended. */
    private char at() {
        return begin < end ? text.charAt(begin) : '\n';
    }

    private String flowKey(int depth) {
        int colon = colon();
        count(depth);
        String key = key(words.word(text, begin, colon));
        begin = colon + 1;
        skip();
        return key;
    }

    private YamlNode flowValue(int depth) {
        count(depth);
        char first = at();
        if (isFlow(first)) {
            return flow(depth);
        }
        if (first == '"' || first == '\'') {
            int close = text.indexOf(first, begin + 1, end);
            if (close < 0) {
                throw new GivesUp();
            }
            YamlNode value = quoted(first, close);
            begin = close + 1;
            return value;
        }
        int stop = begin;
        while (stop < end && !endsPlain(stop)) {
            stop++;
        }
        int last = stop;
        while (last > begin && text.charAt(last - 1) == ' ') {
            last--;
        }
        if (last == begin || !beginsPlain(first)) {
            throw new GivesUp();
        }
        YamlNode value = ScalarType.plain(words.word(text, begin, last), line);
        begin = stop;
        return value;
    }

    /** In braces and brackets a text ends here. */
    private boolean endsPlain(int at) {
        char c = text.charAt(at);
        if (isFlow(c) || c == '#' || (c == ':' && (at + 1 == end || !isWord(text.charAt(at + 1))))) {
            throw new GivesUp();
        }
        return c == ',' || c == '}' || c == ']';
    }

    private boolean beginsPlain(char first) {
        return isWord(first) || (first == '-' && begin + 1 < end && isWord(text.charAt(begin + 1)));
    }

    private YamlNode quoted(char quote) {
        int close = begin + 1 < end ? text.indexOf(quote, begin + 1, end) : NONE;
        if (close != end - 1) {
            throw new GivesUp();
        }
        return quoted(quote, close);
    }

    private YamlNode quoted(char quote, int close) {
        if (quote == '"' && text.indexOf('\\', begin, close) >= 0) {
            throw new GivesUp();
        }
        return new YamlNode.Text(words.word(text, begin + 1, close), false, line);
    }

    private YamlNode plain(char first) {
        if (!beginsPlain(first) || find(begin) != NONE) {
            throw new GivesUp();
        }
        if (text.indexOf('#', begin, end) >= 0) {
            throw new GivesUp();
        }
        return ScalarType.plain(words.word(text, begin, end), line);
    }
}
