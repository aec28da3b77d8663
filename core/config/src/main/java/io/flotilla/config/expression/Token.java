package io.flotilla.config.expression;

/** A word of an expression. */
sealed interface Token {
    int position();

    /** A name, with its dots: "request.headers", "$out.labels", "match". */
    record Name(String text, int position) implements Token {}

    record Text(String value, int position) implements Token {}

    record Digits(String text, boolean whole, int position) implements Token {}

    /** An operator, a bracket, a comma or a dot after a bracket or text. */
    record Sign(String text, int position) implements Token {}

    record End(int position) implements Token {}

    /** Something that is no word. */
    record Bad(String message, int position) implements Token {}

    default boolean is(String sign) {
        return this instanceof Sign(String text, int at) && text.equals(sign) && at >= 0;
    }

    /** What messages call it. */
    default String name() {
        return switch (this) {
            case Name(String text, int at) -> "\"" + text + "\"";
            case Text text -> "text in quotes";
            case Digits(String text, boolean whole, int at) -> text;
            case Sign(String text, int at) -> "\"" + text + "\"";
            case End end -> "the end";
            case Bad(String message, int at) -> message;
        };
    }
}
