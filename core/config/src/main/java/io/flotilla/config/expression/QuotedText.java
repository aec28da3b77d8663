package io.flotilla.config.expression;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Reads text in double quotes, with the escapes of Go. */
final class QuotedText {
    private static final String SIMPLE = "abfnrtv\\\"";
    private static final String MEANING = "\u0007\b\f\n\r\t\u000b\\\"";
    private static final int HEXADECIMAL = 16;

    private final String text;
    private final int start;
    private final StringBuilder value = new StringBuilder();
    private int at;

    QuotedText(String text, int start) {
        this.text = text;
        this.start = start;
        this.at = start + 1;
    }

    /** The text, or what is wrong with it; {@code end} learns where the next word may stand. */
    Token read(IntConsumer end) {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                end.accept(at + 1);
                return new Token.Text(value.toString(), start);
            }
            if (c == '\n') {
                break;
            }
            Token bad = c == '\\' ? escape() : plain(c);
            if (bad != null) {
                return bad;
            }
        }
        return new Token.Bad("the quote \" is not closed", start);
    }

    private @Nullable Token plain(char c) {
        value.append(c);
        at++;
        return null;
    }

    private @Nullable Token escape() {
        char kind = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        int simple = SIMPLE.indexOf(kind);
        if (simple >= 0) {
            value.append(MEANING.charAt(simple));
            at += 2;
            return null;
        }
        return switch (kind) {
            case 'x' -> coded(2, 2, HEXADECIMAL);
            case 'u' -> coded(2, 4, HEXADECIMAL);
            case 'U' -> coded(2, 8, HEXADECIMAL);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> coded(1, 3, 8);
            default ->
                new Token.Bad(
                        "\"\\" + kind
                                + "\" is no escape; a backslash in a regular expression is written twice, or the text"
                                + " stands between ` and `",
                        at);
        };
    }

    private @Nullable Token coded(int skipped, int digits, int radix) {
        int from = at + skipped;
        int to = from + digits;
        int code = to <= text.length() ? parse(text.substring(from, to), radix) : -1;
        if (!Character.isValidCodePoint(code)) {
            return new Token.Bad("the escape needs " + digits + " digits of a character", at);
        }
        value.appendCodePoint(code);
        at = to;
        return null;
    }

    private static int parse(String digits, int radix) {
        int code = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), radix);
            if (digit < 0 || code > Character.MAX_CODE_POINT) {
                return -1;
            }
            code = code * radix + digit;
        }
        return code;
    }
}
