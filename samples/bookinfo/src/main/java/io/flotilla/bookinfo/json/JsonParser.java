package io.flotilla.bookinfo.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads JSON, strictly. */
final class JsonParser {
    private static final int DEPTH_LIMIT = 64;
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final String text;
    private int at;

    private JsonParser(String text) {
        this.text = text;
    }

    static Optional<Json> parse(String text) {
        JsonParser parser = new JsonParser(text);
        try {
            Json value = parser.value(0);
            parser.skipBlanks();
            return parser.at == text.length() ? Optional.of(value) : Optional.empty();
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    private Json value(int depth) throws Malformed {
        skipBlanks();
        require(depth < DEPTH_LIMIT && at < text.length());
        return switch (text.charAt(at)) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> new Json.Str(string());
            case 't' -> word("true", new Json.Bool(true));
            case 'f' -> word("false", new Json.Bool(false));
            case 'n' -> word("null", new Json.Null());
            default -> number();
        };
    }

    private Json object(int depth) throws Malformed {
        Map<String, Json> members = new LinkedHashMap<>();
        at++;
        if (next('}')) {
            return new Json.Obj(members);
        }
        do {
            skipBlanks();
            String name = string();
            require(next(':'));
            members.put(name, value(depth + 1));
        } while (next(','));
        require(next('}'));
        return new Json.Obj(members);
    }

    private Json array(int depth) throws Malformed {
        List<Json> elements = new ArrayList<>();
        at++;
        if (next(']')) {
            return new Json.Arr(elements);
        }
        do {
            elements.add(value(depth + 1));
        } while (next(','));
        require(next(']'));
        return new Json.Arr(elements);
    }

    private String string() throws Malformed {
        require(next('"'));
        StringBuilder out = new StringBuilder();
        while (true) {
            require(at < text.length());
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            require(c >= ' ');
            out.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() throws Malformed {
        require(at < text.length());
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> codeUnit();
            default -> throw new Malformed();
        };
    }

    private char codeUnit() throws Malformed {
        require(at + 4 <= text.length());
        int unit = 0;
        for (int end = at + 4; at < end; at++) {
            int digit = Character.digit(text.charAt(at), 16);
            require(digit >= 0);
            unit = unit * 16 + digit;
        }
        return (char) unit;
    }

    private Json number() throws Malformed {
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        require(number.lookingAt());
        at = number.end();
        return new Json.Num(number.group());
    }

    private Json word(String word, Json meaning) throws Malformed {
        require(text.startsWith(word, at));
        at += word.length();
        return meaning;
    }

    private boolean next(char wanted) {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private static void require(boolean holds) throws Malformed {
        if (!holds) {
            throw new Malformed();
        }
    }

    /** Ends the recursion; never leaves this class. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed() {
            super("malformed", null, false, false);
        }
    }
}
