package io.flotilla.config.validate;

import io.flotilla.config.expression.Expression;
import io.flotilla.config.expression.ExpressionParser;
import io.flotilla.config.expression.ExpressionProblem;
import io.flotilla.config.expression.ExpressionType;
import io.flotilla.config.expression.Function;
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
            case ParseResult.Parsed(Expression expression) -> {
                regexes(expression, at);
                yield Optional.of(expression);
            }
            case ParseResult.Broken(ExpressionProblem problem) -> {
                report(problem, at);
                yield Optional.empty();
            }
        };
    }

    /** Regular expressions count against what an object may have. */
    private void regexes(Expression expression, FieldPath at) {
        switch (expression) {
            case Expression.Call call -> {
                if (call.function() == Function.MATCHES
                        && call.arguments().getFirst() instanceof Expression.Text text) {
                    check.regex(text.value(), at);
                }
                call.arguments().forEach(argument -> regexes(argument, at));
            }
            case Expression.Binary binary -> {
                regexes(binary.left(), at);
                regexes(binary.right(), at);
            }
            case Expression.Index index -> {
                regexes(index.map(), at);
                regexes(index.key(), at);
            }
            case Expression.Text leaf -> {}
            case Expression.Whole leaf -> {}
            case Expression.Real leaf -> {}
            case Expression.Truth leaf -> {}
            case Expression.Attribute leaf -> {}
        }
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
