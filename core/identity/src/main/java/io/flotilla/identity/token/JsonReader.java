package io.flotilla.identity.token;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one JSON object (RFC 8259) of a stranger: nothing lenient, no member twice, nested at most {@value #DEPTH} deep.
 * Values are {@code String}, {@code Double}, {@code Boolean}, {@code List}, {@code Map} and {@link #NULL}.
 */
public final class JsonReader {
    static final int DEPTH = 16;
    static final Object NULL = new Object();
    private static final int HEX = 16;
    private static final int ESCAPE_DIGITS = 4;

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed() {
            super("malformed", null, false, false);
        }
    }

    /** The object that is all of the text; empty where it is none. */
    public static Optional<Map<String, Object>> read(String text) {
        JsonReader reader = new JsonReader(text);
        try {
            reader.space();
            Map<String, Object> object = reader.object(DEPTH);
            reader.space();
            return reader.at == text.length() ? Optional.of(object) : Optional.empty();
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    private Map<String, Object> object(int depth) throws Malformed {
        expect('{');
        Map<String, Object> members = new HashMap<>();
        space();
        if (peek() == '}') {
            at++;
            return members;
        }
        while (true) {
            space();
            String name = string();
            space();
            expect(':');
            if (members.put(name, value(depth - 1)) != null) {
                throw new Malformed();
            }
            if (last('}')) {
                return members;
            }
        }
    }

    private List<Object> list(int depth) throws Malformed {
        expect('[');
        List<Object> all = new ArrayList<>();
        space();
        if (peek() == ']') {
            at++;
            return all;
        }
        do {
            all.add(value(depth - 1));
        } while (!last(']'));
        return all;
    }

    private boolean last(char end) throws Malformed {
        space();
        if (peek() == end) {
            at++;
            return true;
        }
        expect(',');
        return false;
    }

    private Object value(int depth) throws Malformed {
        if (depth == 0) {
            throw new Malformed();
        }
        space();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> list(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", NULL);
            default -> number();
        };
    }

    private Object word(String word, Object meaning) throws Malformed {
        if (!text.startsWith(word, at)) {
            throw new Malformed();
        }
        at += word.length();
        return meaning;
    }

    private Double number() throws Malformed {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        int whole = at;
        digits();
        if (text.charAt(whole) == '0' && at > whole + 1) {
            throw new Malformed();
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            digits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
        }
        return Double.valueOf(text.substring(start, at));
    }

    private void digits() throws Malformed {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw new Malformed();
        }
    }

    private String string() throws Malformed {
        expect('"');
        int start = at;
        while (peek() != '"' && peek() != '\\') {
            plain();
        }
        if (peek() == '"') {
            return text.substring(start, at++);
        }
        StringBuilder built = new StringBuilder().append(text, start, at);
        while (peek() != '"') {
            built.append(peek() == '\\' ? escaped() : plain());
        }
        at++;
        return built.toString();
    }

    private char plain() throws Malformed {
        char each = peek();
        if (each < ' ') {
            throw new Malformed();
        }
        at++;
        return each;
    }

    private char escaped() throws Malformed {
        at++;
        char kind = peek();
        at++;
        return switch (kind) {
            case '"', '\\', '/' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw new Malformed();
        };
    }

    private char unicode() throws Malformed {
        int code = 0;
        for (int i = 0; i < ESCAPE_DIGITS; i++) {
            int digit = Character.digit(peek(), HEX);
            if (digit < 0 || peek() > 'f') {
                throw new Malformed();
            }
            code = code * HEX + digit;
            at++;
        }
        return (char) code;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws Malformed {
        if (at >= text.length()) {
            throw new Malformed();
        }
        return text.charAt(at);
    }

    private void expect(char wanted) throws Malformed {
        if (peek() != wanted) {
            throw new Malformed();
        }
        at++;
    }
}
