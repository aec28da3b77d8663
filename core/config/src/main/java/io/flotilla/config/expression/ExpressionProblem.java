package io.flotilla.config.expression;

/**
 * What is wrong with an expression.
 *
 * @param kind     what sort of problem
 * @param position where, in characters of the text, from 0
 * @param message  what is wrong and what to do, lower case, no full stop
 */
public record ExpressionProblem(Kind kind, int position, String message) {
    public enum Kind {
        /** It cannot be read. */
        SYNTAX,
        /** It is longer or deeper than what is read. */
        SIZE,
        /** A value of another type is needed. */
        TYPE,
        /** A value in it is not what a function takes: no address, no time, no regular expression. */
        VALUE,
        /** An attribute that no manifest known here declares. */
        UNKNOWN_ATTRIBUTE,
        /** A "$out" of something that the template does not put out. */
        UNKNOWN_OUTPUT
    }

    /** With the column, from 1, as editors count. */
    @Override
    public String toString() {
        return "column " + (position + 1) + ": " + message;
    }
}
