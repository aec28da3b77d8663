package io.flotilla.config.cel;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;

/** Cuts a text into words, by the lexis of CEL's language definition. */
final class Lexer {
    private static final Set<String> KEYWORDS = Set.of("true", "false", "null", "in");
    private static final List<String> SYMBOLS = List.of(
            "&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",", "(", ")",
            "[", "]", "{", "}");
    private static final BigInteger MAX_UINT = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    /** One more than the greatest int: the sign of the least stands before it as an operator. */
    private static final BigInteger LEAST_INT = BigInteger.ONE.shiftLeft(63);

    private static final int MAX_DIGITS = 40;

    private final String text;
    private int at;

    Lexer(String text) {
        this.text = text;
    }

    Token next() throws NoExpression {
        skip();
        int from = at;
        if (at == text.length()) {
            return new Token(Token.Kind.END, "", from);
        }
        char c = text.charAt(at);
        if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            Token.Kind kind = number();
            return new Token(kind, text.substring(from, at), from);
        }
        if (isString()) {
            return new Token(Token.Kind.LITERAL, text.substring(from, at), from);
        }
        if (isLetter(c)) {
            while (isLetter(peek(0)) || isDigit(peek(0))) {
                at++;
            }
            String word = text.substring(from, at);
            return new Token(KEYWORDS.contains(word) ? Token.Kind.KEYWORD : Token.Kind.NAME, word, from);
        }
        for (String symbol : SYMBOLS) {
            if (text.startsWith(symbol, at)) {
                at += symbol.length();
                return new Token(Token.Kind.SYMBOL, symbol, from);
            }
        }
        throw new NoExpression(
                from,
                c == '=' || c == '&' || c == '|'
                        ? "\"" + c + "\" alone is no operator; write \"" + c + c + "\""
                        : "\"" + Character.toString(text.codePointAt(at)) + "\" has no meaning here");
    }

    private void skip() {
        while (at < text.length()) {
            if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (" \t\n\r\f".indexOf(text.charAt(at)) >= 0) {
                at++;
            } else {
                return;
            }
        }
    }

    private char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0 && c < 128;
    }

    private Token.Kind number() throws NoExpression {
        int from = at;
        boolean hex = peek(0) == '0' && (peek(1) == 'x' || peek(1) == 'X');
        if (hex) {
            at += 2;
        }
        int digits = at;
        while (hex ? isHex(peek(0)) : isDigit(peek(0))) {
            at++;
        }
        boolean real = !hex && fraction();
        String number = text.substring(digits, at);
        boolean unsigned = !real && (peek(0) == 'u' || peek(0) == 'U');
        if (unsigned) {
            at++;
        }
        if (number.isEmpty() || isLetter(peek(0)) || isDigit(peek(0))) {
            throw new NoExpression(from, "is no number");
        }
        if (real) {
            return Token.Kind.LITERAL;
        }
        BigInteger value = number.length() > MAX_DIGITS ? MAX_UINT : new BigInteger(number, hex ? 16 : 10);
        if (number.length() > MAX_DIGITS || value.compareTo(unsigned ? MAX_UINT : LEAST_INT) > 0) {
            throw new NoExpression(from, "is a number of more than 64 bits");
        }
        return !unsigned && value.equals(LEAST_INT) ? Token.Kind.LEAST : Token.Kind.LITERAL;
    }

    /** The rest of a number with a point or an exponent; false where it has neither. */
    private boolean fraction() throws NoExpression {
        boolean real = false;
        if (peek(0) == '.' && isDigit(peek(1))) {
            real = true;
            at++;
            while (isDigit(peek(0))) {
                at++;
            }
        }
        if (peek(0) == 'e' || peek(0) == 'E') {
            int from = at;
            at += peek(1) == '+' || peek(1) == '-' ? 2 : 1;
            if (!isDigit(peek(0))) {
                throw new NoExpression(from, "an exponent needs digits");
            }
            while (isDigit(peek(0))) {
                at++;
            }
            real = true;
        }
        return real;
    }

    /** Takes a string or bytes, raw or not; false where none begins here. */
    private boolean isString() throws NoExpression {
        int from = at;
        int quote = at;
        boolean raw = false;
        boolean bytes = false;
        while (quote < text.length() && quote - from < 2 && "rRbB".indexOf(text.charAt(quote)) >= 0) {
            boolean r = "rR".indexOf(text.charAt(quote)) >= 0;
            if (r ? raw : bytes) {
                return false;
            }
            raw |= r;
            bytes |= !r;
            quote++;
        }
        if (quote >= text.length() || "\"'".indexOf(text.charAt(quote)) < 0) {
            return false;
        }
        String one = text.substring(quote, quote + 1);
        String close = text.startsWith(one.repeat(3), quote) ? one.repeat(3) : one;
        at = quote + close.length();
        while (!text.startsWith(close, at)) {
            if (at >= text.length() || (close.length() == 1 && (peek(0) == '\n' || peek(0) == '\r'))) {
                throw new NoExpression(from, "the string that begins here is not closed");
            }
            if (peek(0) == '\\') {
                at = raw ? Math.min(at + 2, text.length()) : escape(bytes);
            } else {
                at++;
            }
        }
        at += close.length();
        return true;
    }

    /** Where an escape ends. */
    private int escape(boolean bytes) throws NoExpression {
        char c = peek(1);
        int digits = c == 'x' || c == 'X' ? 2 : bytes ? 0 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
        if (digits > 0) {
            for (int i = 0; i < digits; i++) {
                if (!isHex(peek(2 + i))) {
                    throw new NoExpression(at, "\"\\" + c + "\" needs " + digits + " hexadecimal digits");
                }
            }
            return at + 2 + digits;
        }
        if (c >= '0' && c <= '3' && isOctal(peek(2)) && isOctal(peek(3))) {
            return at + 4;
        }
        if (c != '\0' && "abfnrtv\"'`\\?".indexOf(c) >= 0) {
            return at + 2;
        }
        throw new NoExpression(at, "no such escape; a backslash itself is \"\\\\\"");
    }

    private static boolean isOctal(char c) {
        return c >= '0' && c <= '7';
    }
}
