package io.flotilla.config.validate;

import io.flotilla.config.expression.Expression;
import io.flotilla.config.expression.ExpressionParser;
import io.flotilla.config.expression.ExpressionProblem;
import io.flotilla.config.expression.ExpressionType;
import io.flotilla.config.expression.ParseResult;
import io.flotilla.config.expression.TypeChecker;
import io.flotilla.config.expression.Vocabulary;
import io.flotilla.config.schema.FieldPath;
import java.util.Optional;

/**
 * Expressions in fields. An attribute that is not in the vocabulary is a warning, since a manifest elsewhere may
 * declare it; all else is an error.
 */
final class Expressions {
    private final Check check;
    private final Vocabulary vocabulary;

    Expressions(Check check) {
        this(check, check.vocabulary());
    }

    Expressions(Check check, Vocabulary vocabulary) {
        this.check = check;
        this.vocabulary = vocabulary;
    }

    /** An expression of a type. */
    void of(ExpressionType wanted, String text, FieldPath at) {
        parse(text, at)
                .ifPresent(expression -> TypeChecker.check(expression, wanted, vocabulary)
                        .problems()
                        .forEach(problem -> report(problem, at)));
    }

    /** An expression of any type; its type, where it is known. */
    Optional<ExpressionType> any(String text, FieldPath at) {
        return parse(text, at).flatMap(expression -> {
            TypeChecker.Typed typed = TypeChecker.infer(expression, vocabulary);
            typed.problems().forEach(problem -> report(problem, at));
            return typed.type();
        });
    }

    private Optional<Expression> parse(String text, FieldPath at) {
        return switch (ExpressionParser.parse(text)) {
            case ParseResult.Parsed(Expression expression) -> Optional.of(expression);
            case ParseResult.Broken(ExpressionProblem problem) -> {
                report(problem, at);
                yield Optional.empty();
            }
        };
    }

    private void report(ExpressionProblem problem, FieldPath at) {
        switch (problem.kind()) {
            case SYNTAX -> check.error("FL0410", at, problem.toString());
            case TYPE, VALUE -> check.error("FL0411", at, problem.toString());
            case UNKNOWN_ATTRIBUTE ->
                check.warning("FL0412", at, problem + "; only an attributemanifest can declare it");
            case UNKNOWN_OUTPUT -> check.error("FL0422", at, problem.toString());
            case SIZE -> check.error("FL0413", at, problem.toString());
        }
    }
}
