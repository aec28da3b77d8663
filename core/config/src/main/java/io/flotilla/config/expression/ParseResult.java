package io.flotilla.config.expression;

/** An expression that could be read, or why it could not. */
public sealed interface ParseResult {
    record Parsed(Expression expression) implements ParseResult {}

    record Broken(ExpressionProblem problem) implements ParseResult {}
}
