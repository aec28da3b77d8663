package io.flotilla.config.expression;

/** Splits an expression into words, one at a time, by the rules of Go, in which Mixer's language is written. */
final class Lexer {
    private static final String[] SIGNS = {
        "||", "&&", "==", "!=", "<=", ">=", "<", ">", "+", "-", "|", "(", ")", "[", "]", ",", "."
    };

    private static final int MAX_NAME = 256;

    private final String text;
    private int at;

    Lexer(String text) {
        this.text = text;
    }

    Token next() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at >= text.length()) {
            return new Token.End(text.length());
        }
        char c = text.charAt(at);
        if (startsName(c) || (c == '$' && at + 1 < text.length() && startsName(text.charAt(at + 1)))) {
            return name();
        }
        if (isDigit(c)) {
            return number();
        }
        return switch (c) {
            case '"' -> new QuotedText(text, at).read(this::moveTo);
            case '`' -> raw();
            case '\'' -> new Token.Bad("text stands in double quotes, not in single ones", at);
            default -> sign();
        };
    }

    private void moveTo(int position) {
        at = position;
    }

    private Token name() {
        int start = at++;
        while (at < text.length() && continuesName()) {
            at++;
        }
        return at - start > MAX_NAME
                ? new Token.Bad("a name has at most " + MAX_NAME + " characters", start)
                : new Token.Name(text.substring(start, at), start);
    }

    /** A letter, a digit, "_", or a dot before another part. */
    private boolean continuesName() {
        char c = text.charAt(at);
        return startsName(c) || isDigit(c) || (c == '.' && at + 1 < text.length() && startsName(text.charAt(at + 1)));
    }

    private Token number() {
        int start = at;
        digits(start);
        boolean fraction = at < text.length() && text.charAt(at) == '.';
        if (fraction) {
            at++;
            digits(start);
        }
        String digits = text.substring(start, at);
        boolean hexadecimal = digits.startsWith("0x") || digits.startsWith("0X");
        boolean whole = !fraction && (hexadecimal || digits.chars().noneMatch(c -> c == 'e' || c == 'E'));
        return new Token.Digits(digits, whole, start);
    }

    /** With the letters that follow, so that "12ab" is one wrong number and not two words. */
    private void digits(int start) {
        while (at < text.length()
                && (isDigit(text.charAt(at)) || startsName(text.charAt(at)) || isExponentSign(start))) {
            at++;
        }
    }

    private boolean isExponentSign(int start) {
        char c = text.charAt(at);
        char before = at > start ? text.charAt(at - 1) : ' ';
        return (c == '+' || c == '-')
                && (before == 'e' || before == 'E')
                && !text.startsWith("0x", start)
                && !text.startsWith("0X", start);
    }

    private Token raw() {
        int start = at;
        int end = text.indexOf('`', at + 1);
        if (end < 0) {
            return new Token.Bad("the quote ` is not closed", start);
        }
        at = end + 1;
        return new Token.Text(text.substring(start + 1, end), start);
    }

    private Token sign() {
        for (String sign : SIGNS) {
            if (text.startsWith(sign, at)) {
                int start = at;
                at += sign.length();
                return new Token.Sign(sign, start);
            }
        }
        int character = text.codePointAt(at);
        return new Token.Bad(
                switch (character) {
                    case '!' -> "there is no \"!\"; write \"== false\"";
                    case '=' -> "there is no \"=\"; write \"==\"";
                    case '&' -> "there is no \"&\"; write \"&&\"";
                    default -> "\"" + printable(character) + "\" has no meaning here";
                },
                at);
    }

    private static String printable(int character) {
        return Character.isISOControl(character)
                ? String.format("\\u%04x", character)
                : new String(Character.toChars(character));
    }

    private static boolean startsName(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
