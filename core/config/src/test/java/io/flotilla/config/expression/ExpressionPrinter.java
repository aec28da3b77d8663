package io.flotilla.config.expression;

import java.util.stream.Collectors;

/** Writes a tree as an expression that reads as the same tree. */
final class ExpressionPrinter {
    private ExpressionPrinter() {}

    static String print(Expression expression) {
        return switch (expression) {
            case Expression.Text(String value, int at) -> quoted(value);
            case Expression.Whole(long value, int at) -> Long.toString(value);
            case Expression.Real(double value, int at) -> Double.toString(value);
            case Expression.Truth(boolean value, int at) -> Boolean.toString(value);
            case Expression.Attribute(String name, int at) -> name;
            case Expression.Index(Expression map, Expression key, int at) -> print(map) + "[" + print(key) + "]";
            case Expression.Binary(Operator operator, Expression left, Expression right, int at) ->
                "(" + print(left) + " " + operator.symbol() + " " + print(right) + ")";
            case Expression.Call call ->
                call.function().symbol()
                        + call.arguments().stream()
                                .map(ExpressionPrinter::print)
                                .collect(Collectors.joining(", ", "(", ")"));
        };
    }

    private static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
