package io.flotilla.config.expression;

import java.util.List;

/**
 * An expression as a tree. An evaluator takes it apart by an exhaustive switch; each node says where it stands, in
 * characters of the text, from 0.
 */
public sealed interface Expression {
    int position();

    /** Text in quotes; where a duration or a time is wanted, it is one ("10ms", "2026-01-31T10:00:00Z"). */
    record Text(String value, int position) implements Expression {}

    /** A whole number of 64 bits. */
    record Whole(long value, int position) implements Expression {}

    /** A number with a fraction or an exponent. */
    record Real(double value, int position) implements Expression {}

    /** "true" or "false". */
    record Truth(boolean value, int position) implements Expression {}

    /** The value of an attribute, "source.labels"; absent where the request has none. */
    record Attribute(String name, int position) implements Expression {}

    /** The value of a key in a map of strings, {@code request.headers["cookie"]}; absent where there is no such key. */
    record Index(Expression map, Expression key, int position) implements Expression {}

    /** Two operands. Of {@code &&}, {@code ||} and {@code |} the right one counts only where the left leaves it open. */
    record Binary(Operator operator, Expression left, Expression right, int position) implements Expression {}

    /** A call; of a method, {@code "x".matches(y)}, the first argument is what stands before the dot. */
    record Call(Function function, List<Expression> arguments, int position) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }
}
