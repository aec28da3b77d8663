package io.flotilla.config.cel;

/**
 * A word of an expression.
 *
 * @param text as it stands there; empty at the end
 * @param at   where it begins, from 0
 */
record Token(Kind kind, String text, int at) {
    /** What a word is. */
    enum Kind {
        NAME,
        /** true, false, null, in: they may stand after a dot. */
        KEYWORD,
        LITERAL,
        /** 2 to the 63rd: a number only with a minus before it. */
        LEAST,
        SYMBOL,
        END
    }

    boolean is(String symbol) {
        return (kind == Kind.SYMBOL || kind == Kind.KEYWORD) && text.equals(symbol);
    }

    /** As a message names it. */
    String shown() {
        return kind == Kind.END ? "the end" : "\"" + text + "\"";
    }
}
